package com.coupon.servers;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/**
 * The servers of this JVM, started when first asked for and stopped with it, after all application
 * contexts. The system property {@code coupon.test.servers} chooses between {@code embedded} and
 * {@code containers}.
 */
public final class RunningServers {

    private static final Lock lock = new ReentrantLock();
    private static @Nullable Servers servers;

    /** Spring Boot calls its shutdown handlers only where it has run an application. */
    private static volatile boolean stoppedBySpring;

    private RunningServers() {}

    public static Servers get() {
        lock.lock();
        try {
            if (servers == null) {
                Servers started = start(System.getProperty("coupon.test.servers", "embedded"));
                SpringApplication.getShutdownHandlers().add(started::close);
                Runtime.getRuntime()
                        .addShutdownHook(
                                new Thread(() -> {
                                    if (!stoppedBySpring) {
                                        started.close();
                                    }
                                }));
                servers = started;
            }
            return servers;
        } finally {
            lock.unlock();
        }
    }

    private static Servers start(String kind) {
        Servers started = launch(kind);
        try (var redis = new Jedis(HostAndPort.from(started.redis()))) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> redis.info("replication").contains("state=online"));
        }
        return started;
    }

    private static Servers launch(String kind) {
        return switch (kind) {
            case "embedded" -> new EmbeddedServers();
            case "containers" -> new ContainerServers();
            default ->
                    throw new IllegalArgumentException(
                            "coupon.test.servers is 'embedded' or 'containers'.");
        };
    }

    /** Is told of every application that is run. */
    static final class Applications
            implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            stoppedBySpring = true;
        }
    }
}
