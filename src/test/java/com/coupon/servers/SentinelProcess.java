package com.coupon.servers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.embedded.core.ExecutableProvider;

/** A real sentinel on a free port of the loopback interface. */
public final class SentinelProcess implements AutoCloseable {

    private final Process process;
    private final int port;

    private SentinelProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts a sentinel that alone decides over a primary, and waits until it answers. */
    public static SentinelProcess start(Path folder, String master, HostAndPort primary)
            throws IOException {
        int port = RedisProcess.freePort();
        Path configuration = folder.resolve("sentinel-" + port + ".conf");
        Files.writeString(
                configuration,
                """
                port %d
                bind 127.0.0.1
                dir %s
                sentinel monitor %s %s %d 1
                sentinel down-after-milliseconds %s 1000
                """
                        .formatted(
                                port,
                                folder,
                                master,
                                primary.getHost(),
                                primary.getPort(),
                                master));
        Process process =
                new ProcessBuilder(
                                ExecutableProvider.newJarResourceProvider().get().getAbsolutePath(),
                                configuration.toString(),
                                "--sentinel")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        var sentinel = new SentinelProcess(process, port);
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptionsInstanceOf(JedisException.class)
                .until(sentinel::answers);
        return sentinel;
    }

    private boolean answers() {
        try (Jedis jedis = new Jedis(address())) {
            return "PONG".equals(jedis.ping());
        }
    }

    public HostAndPort address() {
        return new HostAndPort("127.0.0.1", port);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
