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

    /** The bus of a cluster listens on a port that is higher by 10,000. */
    private static final int HIGHEST_PORT = 55_535;

    private final int port;
    private final Path pidFile;
    private final List<String> command;

    private RedisProcess(int port, Path pidFile, List<String> command) {
        this.port = port;
        this.pidFile = pidFile;
        this.command = command;
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @param folder where it works
     * @param settings lines of its configuration
     */
    public static RedisProcess start(Path folder, String... settings) {
        return start(freePort(), folder, settings);
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @param port that nobody listens on
     * @param folder where it works
     * @param settings lines of its configuration
     */
    public static RedisProcess start(int port, Path folder, String... settings) {
        List<String> configuration =
                new ArrayList<>(
                        List.of(
                                "save \"\"",
                                "appendonly no",
                                "repl-diskless-sync yes",
                                "repl-diskless-sync-delay 0"));
        configuration.addAll(Arrays.asList(settings));
        return launch(port, folder, configuration);
    }

    /** Starts a sentinel that alone decides over a primary, and waits until it answers. */
    public static RedisProcess sentinel(Path folder, String master, HostAndPort primary) {
        return launch(
                freePort(),
                folder,
                List.of(
                        "sentinel monitor %s %s %d 1"
                                .formatted(master, primary.getHost(), primary.getPort()),
                        "sentinel down-after-milliseconds %s 1000".formatted(master),
                        "sentinel failover-timeout %s 2000".formatted(master),
                        "sentinel parallel-syncs %s 16".formatted(master)),
                "--sentinel");
    }

    private static RedisProcess launch(
            int port, Path folder, List<String> configuration, String... options) {
        Path pidFile = folder.resolve("redis-" + port + ".pid");
        List<String> lines =
                new ArrayList<>(
                        List.of(
                                "bind 127.0.0.1",
                                "port " + port,
                                "dir " + folder,
                                "daemonize yes",
                                "pidfile " + pidFile));
        lines.addAll(configuration);
        List<String> command;
        try {
            Path file = Files.write(folder.resolve("redis-" + port + ".conf"), lines);
            command = new ArrayList<>(List.of(executable(folder), file.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        command.addAll(Arrays.asList(options));
        var process = new RedisProcess(port, pidFile, command);
        process.relaunch();
        return process;
    }

    /**
     * Starts it once more after it was killed, with what has become of its configuration, and waits
     * until it answers.
     *
     * @param options that go before the configuration, such as {@code --replicaof}
     */
    public void relaunch(String... options) {
        List<String> line = new ArrayList<>(command);
        line.addAll(Arrays.asList(options));
        try {
            new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(LONG_ENOUGH)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> answers() && signals().isAlive());
    }

    /** The means to stop and kill the process. */
    public Signals signals() {
        try {
            return new Signals(Long.parseLong(Files.readString(pidFile).strip()));
        } catch (IOException | NumberFormatException e) {
            throw new IllegalStateException("There is no process of " + address(), e);
        }
    }

    /** Unpacked once, where it works; a temporary folder of the library's own would stay behind. */
    private static synchronized String executable(Path folder) throws IOException {
        return ExecutableProvider.newJarResourceProvider(folder.toFile()).get().getAbsolutePath();
    }

    /** A port that nobody listens on at the moment, low enough for a server of a cluster. */
    public static int freePort() {
        while (true) {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (socket.getLocalPort() <= HIGHEST_PORT) {
                    return socket.getLocalPort();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public HostAndPort address() {
        return new HostAndPort("127.0.0.1", port);
    }

    /** A connection for a test to look around with. */
    public Jedis connect() {
        return new Jedis(address());
    }

    /** Whether it answers at the moment. */
    public boolean answers() {
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
