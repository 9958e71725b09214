package com.coupon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Http;
import com.coupon.servers.RedisProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An NGINX with the configuration as it is delivered, but for addresses and what a test changes.
 */
final class Nginx implements AutoCloseable {

    static final Path CONFIGURATION = Path.of("infra/gateway/nginx.conf");

    private static final Pattern NODES = Pattern.compile("server api:8080 (.*;)");
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    private final int port = RedisProcess.freePort();
    private final Process process;

    /**
     * Starts it and waits until it can be connected to.
     *
     * @param folder of this one alone
     * @param nodes ports of the nodes
     * @param changes what is there in the configuration, and what stands there instead
     */
    Nginx(Path folder, List<Integer> nodes, Map<String, String> changes) {
        try {
            Files.createDirectories(folder);
            String configuration = Files.readString(CONFIGURATION);
            configuration = change(configuration, "/tmp/", folder + "/");
            configuration = change(configuration, "listen 8080", "listen 127.0.0.1:" + port);
            configuration = eachInstead(configuration, nodes);
            for (var it : changes.entrySet()) {
                configuration = change(configuration, it.getKey(), it.getValue());
            }
            Path file = Files.writeString(folder.resolve("nginx.conf"), configuration);
            this.process =
                    new ProcessBuilder(
                                    executable().orElseThrow().toString(),
                                    "-e",
                                    "stderr",
                                    "-p",
                                    folder.toString(),
                                    "-c",
                                    file.toString(),
                                    "-g",
                                    // a folder of root's is closed to the user it would change to
                                    "daemon off; user root;")
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("nginx.log").toFile())
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            await().atMost(LONG_ENOUGH)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> listens(folder));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static String change(String configuration, String from, String to) {
        assertThat(configuration).contains(from);
        return configuration.replace(from, to);
    }

    /** The nodes in the place of the name that stands for all of them. */
    private static String eachInstead(String configuration, List<Integer> nodes) {
        assertThat(configuration).containsPattern(NODES);
        return NODES.matcher(configuration)
                .replaceAll(line ->
                        nodes.stream()
                                .map(node ->
                                        "server 127.0.0.1:%d %s".formatted(node, line.group(1)))
                                .collect(Collectors.joining("\n")));
    }

    private boolean listens(Path folder) throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException(Files.readString(folder.resolve("nginx.log")));
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Where it is installed, if it is; Debian puts it where only root looks for commands. */
    static Optional<Path> executable() {
        return Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1)),
                        Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    int port() {
        return port;
    }

    Http http() {
        return new Http(port);
    }

    /** Ends it at once, and its workers with it. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
