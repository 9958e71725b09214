package com.coupon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the service, as simple as curl. */
public final class Http {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    private final String base;

    public Http(int port) {
        this.base = "http://localhost:" + port;
    }

    /** An answer, read whole. */
    public record Answer(HttpResponse<String> response) {

        public int status() {
            return response.statusCode();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        /** A member of the body, as text. */
        public String get(String name) {
            return json().path(name).asString("");
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    public Answer send(HttpRequest request) {
        try {
            return new Answer(CLIENT.send(request, BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Anything, with headers as names and values in turn. */
    public Answer call(String method, String path, String body, String... headers) {
        var request =
                request(path)
                        .method(
                                method,
                                body.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /**
     * What the server answers to these very bytes, up to the end of the connection.
     *
     * @param head the first line and headers, each with its line end; those that end it are added
     * @param body parts that are sent one after the other
     */
    public String raw(String head, String... body) throws IOException {
        URI server = URI.create(base);
        try (var socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(10_000);
            var out = socket.getOutputStream();
            out.write(
                    (head + "Host: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            for (String part : body) {
                out.write(part.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public Answer claim(String campaign, String member) {
        return call("POST", "/api/v1/campaigns/" + campaign + "/claims", "", "X-User-Id", member);
    }

    /** A claim as nobody should send it. */
    public Answer claimWithBody(String campaign, String member, String body) {
        return call("POST", "/api/v1/campaigns/" + campaign + "/claims", body, "X-User-Id", member);
    }

    public Answer find(String campaign, String member) {
        return call("GET", "/api/v1/campaigns/" + campaign + "/claims/me", "", "X-User-Id", member);
    }

    public Answer view(String campaign) {
        return call("GET", "/api/v1/campaigns/" + campaign, "");
    }

    /**
     * A call of the admin API by an operator, with more headers as names and values in turn; a body
     * is JSON.
     */
    public Answer admin(String method, String path, String body, String... headers) {
        return operate(method, path, body, "application/json", headers);
    }

    /** The same with CSV. */
    public Answer adminCsv(String method, String path, String csv) {
        return operate(method, path, csv, "text/csv");
    }

    private Answer operate(
            String method, String path, String body, String type, String... headers) {
        Stream<String> ours =
                Stream.of(
                        "X-User-Id", "ops", "X-User-Scopes", "coupon.admin", "Content-Type", type);
        return call(
                method,
                "/api/v1/admin" + path,
                body,
                Stream.concat(ours, Arrays.stream(headers)).toArray(String[]::new));
    }

    /** A step in the life of a campaign. */
    public Answer step(String campaign, String step) {
        return admin("POST", "/campaigns/" + campaign + "/" + step, "");
    }

    public Answer adjust(String campaign, String key, long delta) {
        return admin(
                "POST",
                "/campaigns/" + campaign + "/stock-adjustments",
                "{\"delta\":%d,\"reason\":\"A test\"}".formatted(delta),
                "Idempotency-Key",
                key);
    }

    public Answer revoke(String campaign, long serial, boolean returnToStock) {
        return admin(
                "POST",
                "/campaigns/" + campaign + "/issuances/" + serial + "/revocation",
                "{\"reason\":\"A test\",\"returnToStock\":%b}".formatted(returnToStock));
    }

    /**
     * Creates a campaign.
     *
     * @param more members of the body, each with a comma before it
     */
    public Answer create(String campaign, long quantity, String more) {
        return admin(
                "POST",
                "/campaigns",
                """
                {"id":"%s","name":"A test","quantity":%d,"coupon":{"title":"A coupon","discount":"10 %%"}%s}\
                """
                        .formatted(campaign, quantity, more));
    }

    /** Creates a campaign that everybody may claim from, and opens it. */
    public void open(String campaign, long quantity) {
        create(campaign, quantity, "");
        step(campaign, "open");
    }
}
