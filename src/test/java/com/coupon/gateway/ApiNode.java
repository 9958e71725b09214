package com.coupon.gateway;

import static org.awaitility.Awaitility.await;

import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.servers.JavaProcess;
import com.coupon.servers.RedisProcess;
import com.coupon.servers.Signals;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A process of the role {@code api}, which can be killed and started again on the same port. */
final class ApiNode implements AutoCloseable {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);

    private final int port = RedisProcess.freePort();
    private final int managementPort = RedisProcess.freePort();
    private final Path log;
    private final List<String> arguments;
    private JavaProcess process;

    /** Starts it, and does not wait for it. */
    ApiNode(Path log, Map<String, String> properties) {
        this.log = log;
        this.arguments = new ArrayList<>();
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        arguments.add("--server.port=" + port);
        arguments.add("--server.address=127.0.0.1");
        arguments.add("--management.server.port=" + managementPort);
        arguments.add("--management.server.address=127.0.0.1");
        this.process = launch();
    }

    private JavaProcess launch() {
        return JavaProcess.start(
                log,
                List.of(),
                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                Map.of("SPRING_PROFILES_ACTIVE", "api"),
                CouponApplication.class.getName(),
                arguments);
    }

    void awaitReady() {
        await().atMost(LONG_ENOUGH).pollInterval(Duration.ofMillis(100)).until(this::isReady);
    }

    private boolean isReady() {
        if (!process.isAlive()) {
            throw new IllegalStateException("A node does not start; see " + log);
        }
        try {
            return management("/actuator/health/readiness").status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private Http.Answer management(String path) {
        return new Http(managementPort).call("GET", path, "");
    }

    int port() {
        return port;
    }

    Signals signals() {
        return process.signals();
    }

    void relaunch() {
        process = launch();
        awaitReady();
    }

    /** How often it was asked for the public view. */
    long views() {
        return count(
                "http_server_requests_seconds_count\\{.*uri=\"/api/v1/campaigns/\\{campaign}\".*}");
    }

    /** How many claims it has answered. */
    long claims() {
        return count("coupon_claims_seconds_count\\{.*}");
    }

    private long count(String series) {
        return Pattern.compile("(?m)^" + series + " (\\S+)$")
                .matcher(management("/actuator/prometheus").response().body())
                .results()
                .mapToLong(line -> (long) Double.parseDouble(line.group(1)))
                .sum();
    }

    @Override
    public void close() {
        process.close();
    }
}
