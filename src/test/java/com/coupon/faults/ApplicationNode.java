package com.coupon.faults;

import static org.awaitility.Awaitility.await;

import com.coupon.faults.FaultPoints.Place;
import com.coupon.servers.JavaProcess;
import com.coupon.servers.RedisProcess;
import com.coupon.servers.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process of the application. It is started again on the same port with the same settings. */
final class ApplicationNode implements AutoCloseable {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(1))
                    .build();
    private final int port = RedisProcess.freePort();
    private final int managementPort = RedisProcess.freePort();
    private final Path folder;
    private final String profile;
    private final Map<String, String> properties;
    private final List<Path> classPath;
    private final Duration skew;
    private JavaProcess process;

    /**
     * Starts a node and does not wait for it.
     *
     * @param folder of this node alone; its log is in there
     * @param classPath what comes before the application's own
     * @param skew how far its clock is ahead
     */
    ApplicationNode(
            Path folder,
            String profile,
            Map<String, String> properties,
            List<Path> classPath,
            Duration skew) {
        this.folder = folder;
        this.profile = profile;
        this.properties = properties;
        this.classPath = classPath;
        this.skew = skew;
        this.process = launch();
    }

    private JavaProcess launch() {
        List<String> arguments = new ArrayList<>();
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        arguments.add("--server.port=" + port);
        arguments.add("--management.server.port=" + managementPort);
        for (Place place : Place.values()) {
            set(place, false);
        }
        List<String> flags =
                new ArrayList<>(
                        List.of(
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Dspring.main.banner-mode=off",
                                "-D" + FaultPoints.FOLDER + "=" + folder));
        if (!skew.isZero()) {
            flags.add(SkewedClock.flag(folder.resolve("clock"), skew));
        }
        return JavaProcess.start(
                folder.resolve("node.log"),
                classPath,
                flags,
                Map.of("SPRING_PROFILES_ACTIVE", profile),
                FaultyNode.class.getName(),
                arguments);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    Signals signals() {
        return process.signals();
    }

    /** Makes the node die at a place, or not any more. */
    void set(Place place, boolean dies) {
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(place.file(folder));
            if (dies) {
                Files.createFile(place.file(folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Starts it again where it is gone, and does not wait for it. */
    void relaunch() {
        if (process.isAlive()) {
            process.signals().thaw();
        } else {
            process = launch();
        }
    }

    void awaitReady() {
        await().atMost(LONG_ENOUGH).pollInterval(Duration.ofMillis(100)).until(this::isReady);
    }

    private boolean isReady() throws InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException("A node does not start; see " + folder);
        }
        var question =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + managementPort
                                                + "/actuator/health/readiness"))
                        .timeout(Duration.ofSeconds(1))
                        .build();
        try {
            return http.send(question, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.close();
        http.close();
    }
}
