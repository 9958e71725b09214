package com.coupon.fuzz;

import com.coupon.fuzz.HostileRequest.Framing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends what it is told to, with a library where that is willing to, else byte by byte. */
final class HostileClient {

    private final HttpClient library =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final int port;
    private final Duration within;

    /**
     * @param within how long an answer may take
     */
    HostileClient(int port, Duration within) {
        this.port = port;
        this.within = within;
    }

    /** An answer; names of headers are in lower case. */
    record Reply(int status, Map<String, String> headers, String body) {}

    /**
     * The answer, or nothing where the server has closed the connection without one.
     *
     * @throws AssertionError if there is no answer in time
     */
    Optional<Reply> send(HostileRequest request) {
        try {
            if (!request.onTheWire()) {
                Optional<HttpRequest> polite = polite(request);
                if (polite.isPresent()) {
                    return Optional.of(sendWithLibrary(polite.get()));
                }
            }
            return sendOnTheWire(request);
        } catch (HttpTimeoutException | SocketTimeoutException e) {
            throw new AssertionError("There was no answer within " + within + ".", e);
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The request as the library has it, or nothing where it does not want to have it. */
    private Optional<HttpRequest> polite(HostileRequest request) {
        try {
            BodyPublisher body = BodyPublishers.ofByteArray(request.body());
            if (request.framing() == Framing.CHUNKED) {
                body = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(request.body()));
            } else if (request.body().length == 0) {
                body = BodyPublishers.noBody();
            }
            var polite =
                    HttpRequest.newBuilder(
                                    URI.create("http://localhost:" + port + request.target()))
                            .timeout(within)
                            .method(request.method(), body);
            request.headers().forEach(header -> polite.header(header.getKey(), header.getValue()));
            return Optional.of(polite.build());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Reply sendWithLibrary(HttpRequest request) throws IOException, InterruptedException {
        // The library's own bound ends with the head of the answer.
        HttpResponse<InputStream> answer = await(library.sendAsync(request, HostileClient::body));
        Map<String, String> headers = new TreeMap<>();
        answer.headers()
                .map()
                .forEach((name, values) ->
                        headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        try (InputStream body = answer.body()) {
            String text =
                    isStream(headers)
                            ? ""
                            : new String(body.readAllBytes(), StandardCharsets.UTF_8);
            return new Reply(answer.statusCode(), headers, text);
        }
    }

    /** A stream of events has no end: whoever has heard its head goes away. All else is whole. */
    private static BodySubscriber<InputStream> body(ResponseInfo head) {
        return isStream(
                        Map.of(
                                "content-type",
                                head.headers().firstValue("Content-Type").orElse("")))
                ? BodySubscribers.ofInputStream()
                : BodySubscribers.mapping(BodySubscribers.ofByteArray(), ByteArrayInputStream::new);
    }

    private static boolean isStream(Map<String, String> headers) {
        return headers.getOrDefault("content-type", "").startsWith("text/event-stream");
    }

    private <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> answer)
            throws IOException, InterruptedException {
        try {
            return answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("no whole answer");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof HttpTimeoutException late ? late : new IOException(e);
        }
    }

    private Optional<Reply> sendOnTheWire(HostileRequest request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) within.toMillis());
            try {
                socket.getOutputStream().write(bytes(request));
                socket.shutdownOutput();
            } catch (IOException e) {
                // It has heard enough; what it said may still be read.
            }
            return read(socket.getInputStream());
        }
    }

    private static byte[] bytes(HostileRequest request) throws IOException {
        var bytes = new ByteArrayOutputStream();
        line(bytes, request.method() + " " + request.target() + " " + request.version());
        if (!request.version().equals("HTTP/1.0")) {
            line(bytes, "Host: localhost");
        }
        for (var header : request.headers()) {
            line(bytes, header.getKey() + ": " + header.getValue());
        }
        byte[] body = request.body();
        switch (request.framing()) {
            case LENGTH -> {
                if (body.length > 0) {
                    line(bytes, "Content-Length: " + body.length);
                }
            }
            case TOO_LONG -> line(bytes, "Content-Length: " + (body.length + 10));
            case TOO_SHORT -> line(bytes, "Content-Length: " + body.length / 2);
            case NO_NUMBER -> line(bytes, "Content-Length: -" + body.length + "x");
            case TWO_LENGTHS -> {
                line(bytes, "Content-Length: " + body.length);
                line(bytes, "Content-Length: " + (body.length + 1));
            }
            case LENGTH_AND_CHUNKED -> {
                line(bytes, "Content-Length: " + body.length);
                line(bytes, "Transfer-Encoding: chunked");
            }
            case UNKNOWN_ENCODING -> line(bytes, "Transfer-Encoding: nonsense");
            case CHUNKED, BAD_CHUNKS, UNENDED_CHUNKS -> line(bytes, "Transfer-Encoding: chunked");
        }
        line(bytes, "");
        switch (request.framing()) {
            case CHUNKED, LENGTH_AND_CHUNKED -> {
                chunk(bytes, Integer.toHexString(body.length), body);
                line(bytes, "0\r\n");
            }
            case UNENDED_CHUNKS -> chunk(bytes, Integer.toHexString(body.length), body);
            case BAD_CHUNKS -> chunk(bytes, "xyz;=", body);
            default -> bytes.write(body);
        }
        return bytes.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream bytes, String length, byte[] body)
            throws IOException {
        if (body.length > 0) {
            line(bytes, length);
            bytes.write(body);
            line(bytes, "");
        }
    }

    private static void line(ByteArrayOutputStream bytes, String line) throws IOException {
        bytes.write(line.getBytes(StandardCharsets.UTF_8));
        bytes.write('\r');
        bytes.write('\n');
    }

    /** The first answer that is final. */
    private static Optional<Reply> read(InputStream in) throws IOException {
        while (true) {
            String first = readLine(in);
            if (!first.startsWith("HTTP/1.1 ")) {
                return Optional.empty(); // closed, or an answer of HTTP/0.9, which has no head
            }
            int status = Integer.parseInt(first.substring(9, 12));
            Map<String, String> headers = new TreeMap<>();
            for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            if (status >= 200) {
                return Optional.of(new Reply(status, headers, readBody(in, headers)));
            }
        }
    }

    private static String readBody(InputStream in, Map<String, String> headers) throws IOException {
        if (isStream(headers)) {
            return "";
        }
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            String length = headers.get("content-length");
            byte[] body =
                    length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
            return new String(body, StandardCharsets.UTF_8);
        }
        var body = new ByteArrayOutputStream();
        for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
            body.write(in.readNBytes(size));
            readLine(in);
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private static int chunkSize(InputStream in) throws IOException {
        return Integer.parseInt(readLine(in), 16);
    }

    private static String readLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
