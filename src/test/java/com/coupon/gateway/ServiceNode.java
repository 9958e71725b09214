package com.coupon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
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

/** A process of the service, which can be ended and started again on the same port. */
final class ServiceNode implements AutoCloseable {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);

    private final int port = RedisProcess.freePort();
    private final int managementPort = RedisProcess.freePort();
    private final Path log;
    private final Map<String, String> properties;
    private final String roles;
    private final Version version;
    private JavaProcess process;

    /** Which application a process runs. */
    sealed interface Version {

        /** As it is built here. */
        record Present() implements Version {}

        /**
         * As it is built here, but for some of its files.
         *
         * @param folder what comes first in the class path
         */
        record Changed(Path folder) implements Version {}

        /**
         * Another one.
         *
         * @param jar that {@code java -Djarmode=tools} has extracted
         */
        record Jar(Path jar) implements Version {}
    }

    /** Starts one of the role {@code api}, and does not wait for it. */
    ServiceNode(Path log, Map<String, String> properties) {
        this(log, "api", new Version.Present(), properties);
    }

    /** Starts one, and does not wait for it. */
    ServiceNode(Path log, String roles, Version version, Map<String, String> properties) {
        this.log = log;
        this.roles = roles;
        this.version = version;
        this.properties = properties;
        this.process = launch();
    }

    private JavaProcess launch() {
        List<String> arguments = new ArrayList<>();
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        arguments.add("--server.port=" + port);
        arguments.add("--server.address=127.0.0.1");
        arguments.add("--management.server.port=" + managementPort);
        arguments.add("--management.server.address=127.0.0.1");
        // nothing is measured here, and there are few cores: ready soon is what counts
        List<String> flags = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        Map<String, String> environment = Map.of("SPRING_PROFILES_ACTIVE", roles);
        String main = CouponApplication.class.getName();
        return switch (version) {
            case Version.Present() ->
                    JavaProcess.start(log, List.of(), flags, environment, main, arguments);
            case Version.Changed(Path folder) ->
                    JavaProcess.start(log, List.of(folder), flags, environment, main, arguments);
            case Version.Jar(Path jar) ->
                    JavaProcess.startJar(log, jar, flags, environment, main, arguments);
        };
    }

    void awaitReady() {
        await().atMost(LONG_ENOUGH).pollInterval(Duration.ofMillis(100)).until(this::isReady);
    }

    boolean isReady() {
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

    Http http() {
        return new Http(port);
    }

    /** Ends it as an orchestrator does (SIGTERM), and waits until it is gone. */
    Duration stop() {
        long start = System.nanoTime();
        process.signals().terminate();
        await().atMost(LONG_ENOUGH)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !process.isAlive());
        assertThat(process.exitValue()).as("ended in good order").isEqualTo(143);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Starts it once more where it has ended. */
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
