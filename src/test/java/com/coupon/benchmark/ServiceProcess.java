package com.coupon.benchmark;

import static org.awaitility.Awaitility.await;

import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.servers.JavaProcess;
import com.coupon.servers.RedisProcess;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The application as it is delivered, in one of its roles. */
final class ServiceProcess implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    private final int port = RedisProcess.freePort();
    private final int managementPort = RedisProcess.freePort();
    private final Path log;
    private final JavaProcess process;

    /**
     * Starts it, and does not wait for it.
     *
     * @param classPath before that of this process
     */
    ServiceProcess(
            Path log,
            String role,
            List<Path> classPath,
            List<String> flags,
            Map<String, String> properties) {
        this.log = log;
        List<String> arguments = new ArrayList<>();
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        arguments.add("--server.port=" + port);
        arguments.add("--server.address=127.0.0.1");
        arguments.add("--management.server.port=" + managementPort);
        arguments.add("--management.server.address=127.0.0.1");
        this.process =
                JavaProcess.start(
                        log,
                        classPath,
                        flags,
                        Map.of("SPRING_PROFILES_ACTIVE", role),
                        CouponApplication.class.getName(),
                        arguments);
    }

    void awaitReady() {
        await().atMost(READY_WITHIN).pollInterval(Duration.ofMillis(50)).until(this::isReady);
    }

    private boolean isReady() {
        if (!process.isAlive()) {
            throw new IllegalStateException("The service does not start; see " + log);
        }
        try {
            var question = (HttpURLConnection) URI.create(readiness()).toURL().openConnection();
            question.setConnectTimeout(1_000);
            question.setReadTimeout(1_000);
            return question.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Where it says 200 once it is ready. */
    String readiness() {
        return "http://127.0.0.1:" + managementPort + "/actuator/health/readiness";
    }

    int port() {
        return port;
    }

    Http http() {
        return new Http(port);
    }

    long pid() {
        return process.signals().pid();
    }

    /** Holds it up where it is, so that it takes nothing of the cores. */
    void freeze() {
        process.signals().freeze();
    }

    void thaw() {
        process.signals().thaw();
    }

    @Override
    public void close() {
        process.close();
    }
}
