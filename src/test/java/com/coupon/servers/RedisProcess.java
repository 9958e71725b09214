package com.coupon.servers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.SaveMode;
import redis.clients.jedis.exceptions.JedisException;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis server or sentinel from a Maven artifact, on a free port of the loopback interface;
 * it keeps nothing on disk. It runs in a session of its own, so that a Ctrl-C at the terminal
 * reaches the application alone, which then stops it last.
 */
public final class RedisProcess implements AutoCloseable {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    private final int port;

    private RedisProcess(int port) {
        this.port = port;
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @param folder where it works
     * @param settings lines of its configuration
     */
    public static RedisProcess start(Path folder, String... settings) {
        List<String> configuration =
                new ArrayList<>(
                        List.of(
                                "save \"\"",
                                "appendonly no",
                                "repl-diskless-sync yes",
                                "repl-diskless-sync-delay 0"));
        configuration.addAll(Arrays.asList(settings));
        return launch(folder, configuration);
    }

    /** Starts a sentinel that alone decides over a primary, and waits until it answers. */
    public static RedisProcess sentinel(Path folder, String master, HostAndPort primary) {
        return launch(
                folder,
                List.of(
                        "sentinel monitor %s %s %d 1"
                                .formatted(master, primary.getHost(), primary.getPort()),
                        "sentinel down-after-milliseconds %s 1000".formatted(master)),
                "--sentinel");
    }

    private static RedisProcess launch(Path folder, List<String> configuration, String... options) {
        int port = freePort();
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "bind 127.0.0.1",
                                "port " + port,
                                "dir " + folder,
                                "daemonize yes",
                                "pidfile " + folder.resolve("redis-" + port + ".pid")));
        lines.addAll(configuration);
        try {
            Path file = Files.write(folder.resolve("redis-" + port + ".conf"), lines);
            List<String> command = new ArrayList<>(List.of(executable(folder), file.toString()));
            command.addAll(Arrays.asList(options));
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var process = new RedisProcess(port);
        await().atMost(LONG_ENOUGH).until(process::answers);
        return process;
    }

    /** Unpacked once, where it works; a temporary folder of the library's own would stay behind. */
    private static synchronized String executable(Path folder) throws IOException {
        return ExecutableProvider.newJarResourceProvider(folder.toFile()).get().getAbsolutePath();
    }

    /** A port that nobody listens on at the moment. */
    public static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public HostAndPort address() {
        return new HostAndPort("127.0.0.1", port);
    }

    /** A connection for a test to look around with. */
    public Jedis connect() {
        return new Jedis(address());
    }

    private boolean answers() {
        try (Jedis jedis = connect()) {
            return "PONG".equals(jedis.ping());
        } catch (JedisException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try (Jedis jedis = connect()) {
            jedis.shutdown(SaveMode.NOSAVE);
        } catch (JedisException e) {
            // It is gone already, or goes by closing the connection.
        }
        await().atMost(LONG_ENOUGH).until(() -> !answers());
    }
}
