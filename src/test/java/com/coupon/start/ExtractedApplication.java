package com.coupon.start;

import com.coupon.servers.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The application as production runs it: out of its jar, with the libraries beside it. */
record ExtractedApplication(Path folder, Path java) {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);

    /** How often a process is asked whether it is ready. */
    private static final Duration LOOK = Duration.ofMillis(10);

    static ExtractedApplication of(Path jar, Path folder) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process extraction =
                new ProcessBuilder(
                                java.toString(),
                                "-Djarmode=tools",
                                "-jar",
                                jar.toString(),
                                "extract",
                                "--force",
                                "--application-filename",
                                "coupon.jar",
                                "--destination",
                                folder.toString())
                        .inheritIO()
                        .start();
        if (extraction.onExit().join().exitValue() != 0) {
            throw new IOException(jar + " could not be extracted");
        }
        return new ExtractedApplication(folder, java);
    }

    Path cache() {
        return folder.resolve("coupon.aot");
    }

    /** Starts a process of it, and returns once it says that it is ready. */
    Running start(String profiles, List<String> flags, Map<String, String> properties)
            throws IOException {
        int port = RedisProcess.freePort();
        int managementPort = RedisProcess.freePort();
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(flags);
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-jar",
                        folder.resolve("coupon.jar").toString(),
                        "--server.port=" + port,
                        "--server.address=127.0.0.1",
                        "--management.server.port=" + managementPort,
                        "--management.server.address=127.0.0.1",
                        "--coupon.security.identity=header"));
        properties.forEach((name, value) -> command.add("--" + name + "=" + value));
        Path log = folder.resolve("run.log");
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
        builder.environment().put("SPRING_PROFILES_ACTIVE", profiles);
        long start = System.nanoTime();
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        try {
            awaitReady(process, managementPort, log);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
        return new Running(
                process,
                URI.create("http://127.0.0.1:" + port),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private static void awaitReady(Process process, int managementPort, Path log)
            throws IOException {
        URI readiness =
                URI.create("http://127.0.0.1:" + managementPort + "/actuator/health/readiness");
        long end = System.nanoTime() + LONG_ENOUGH.toNanos();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!isReady(http, readiness)) {
                if (!process.isAlive() || System.nanoTime() - end > 0) {
                    throw new IOException(
                            "The application does not start:\n" + Files.readString(log));
                }
                LockSupport.parkNanos(LOOK.toNanos());
            }
        }
    }

    private static boolean isReady(HttpClient http, URI readiness) {
        try {
            return http.send(
                                    HttpRequest.newBuilder(readiness).build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A process that is ready.
     *
     * @param readyAfter its start
     */
    record Running(Process process, URI url, Duration readyAfter) implements AutoCloseable {

        /** Ends it as an orchestrator does, and waits for that. */
        @Override
        public void close() {
            process.destroy();
            try {
                if (!process.waitFor(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS)) {
                    throw new UncheckedIOException(new IOException("The application does not end"));
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
