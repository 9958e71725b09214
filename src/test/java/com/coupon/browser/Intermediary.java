package com.coupon.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A proxy in front of the service that answers some claims by itself, as those in between do.
 * Thread-safe.
 */
final class Intermediary implements AutoCloseable {

    private static final Set<String> OF_THE_CONNECTION =
            Set.of(
                    "connection",
                    "content-length",
                    "transfer-encoding",
                    "host",
                    "upgrade",
                    "http2-settings");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Queue<Prepared> prepared = new ConcurrentLinkedQueue<>();
    private final Queue<Long> claims = new ConcurrentLinkedQueue<>();
    private final int port;

    private record Prepared(int status, String retryAfter, String body) {}

    Intermediary(int port) {
        this.port = port;
        try {
            this.server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** What the next claim that nothing is prepared for is answered; those after it pass. */
    void prepare(int status, String retryAfter, String body) {
        prepared.add(new Prepared(status, retryAfter, body));
    }

    /** When the claims came, by the clock of the machine, in milliseconds. */
    List<Long> claims() {
        return List.copyOf(claims);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Prepared next = null;
            if (exchange.getRequestURI().getPath().endsWith("/claims")) {
                claims.add(System.nanoTime() / 1_000_000);
                next = prepared.poll();
            }
            if (next == null) {
                pass(exchange);
                return;
            }
            byte[] body = next.body.getBytes(StandardCharsets.UTF_8);
            if (!next.retryAfter.isEmpty()) {
                exchange.getResponseHeaders().set("Retry-After", next.retryAfter);
            }
            exchange.sendResponseHeaders(next.status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void pass(HttpExchange exchange) throws IOException {
        var request =
                HttpRequest.newBuilder(
                                URI.create("http://localhost:" + port + exchange.getRequestURI()))
                        .method(exchange.getRequestMethod(), BodyPublishers.noBody());
        exchange.getRequestHeaders()
                .forEach((name, values) -> {
                    if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                        values.forEach(value -> request.header(name, value));
                    }
                });
        try {
            HttpResponse<InputStream> response =
                    client.send(request.build(), BodyHandlers.ofInputStream());
            response.headers()
                    .map()
                    .forEach((name, values) -> {
                        if (!OF_THE_CONNECTION.contains(name)) {
                            exchange.getResponseHeaders().put(name, values);
                        }
                    });
            boolean isEmpty = response.statusCode() == 304 || response.statusCode() == 204;
            exchange.sendResponseHeaders(response.statusCode(), isEmpty ? -1 : 0);
            byte[] buffer = new byte[8_192];
            try (InputStream in = response.body()) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    exchange.getResponseBody().write(buffer, 0, read);
                    exchange.getResponseBody().flush(); // events are to arrive as they happen
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
