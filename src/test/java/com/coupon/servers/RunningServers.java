package com.coupon.servers;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
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

    private RunningServers() {}

    public static Servers get() {
        lock.lock();
        try {
            if (servers == null) {
                Servers started = start(System.getProperty("coupon.test.servers", "embedded"));
                SpringApplication.getShutdownHandlers().add(started::close);
                haveShutdownHandlersCalled();
                servers = started;
            }
            return servers;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Spring Boot does so only where it has run an application that is closed by its hook, and
     * tests close theirs themselves. This one has nothing but the hook.
     */
    private static void haveShutdownHandlersCalled() {
        var application = new SpringApplication(RunningServers.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setListeners(List.of());
        application.setInitializers(List.of());
        application.run();
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
}
