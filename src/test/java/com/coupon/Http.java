package com.coupon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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

    /** A call of the admin API by an operator; a body is JSON. */
    public Answer admin(String method, String path, String body) {
        return call(
                method,
                "/api/v1/admin" + path,
                body,
                "X-User-Id",
                "ops",
                "X-User-Scopes",
                "coupon.admin",
                "Content-Type",
                "application/json");
    }

    /** Creates a campaign that everybody may claim from, and opens it. */
    public void open(String campaign, long quantity) {
        admin(
                "POST",
                "/campaigns",
                """
                {"id":"%s","name":"A test","quantity":%d,"coupon":{"title":"A coupon","discount":"10 %%"}}\
                """
                        .formatted(campaign, quantity));
        admin("POST", "/campaigns/" + campaign + "/open", "");
    }
}
