package com.coupon.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Makes campaigns through the admin API. */
record Operator(HttpClient http, URI node) {

    private static final int TRIES = 40;

    /**
     * @throws IOException if the service refuses, or cannot be reached for long
     */
    void createAndOpen(String campaign, int quantity) throws IOException, InterruptedException {
        expect(
                201,
                post(
                        "/api/v1/admin/campaigns",
                        """
                        {"id":"%s","name":"Fault","quantity":%d,"coupon":{"title":"A coupon","discount":"10 %%"}}
                        """
                                .formatted(campaign, quantity)));
        HttpResponse<String> opened = open(campaign);
        for (int again = 1; opened.statusCode() == 503 && again < TRIES; again++) {
            Pause.millis(250);
            opened = open(campaign);
        }
        expect(200, opened);
    }

    private HttpResponse<String> open(String campaign) throws IOException, InterruptedException {
        return post("/api/v1/admin/campaigns/" + campaign + "/open", "");
    }

    private HttpResponse<String> post(String path, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(node.resolve(path))
                        .header("X-User-Id", "faults")
                        .header("X-User-Scopes", "coupon.admin")
                        .timeout(Duration.ofSeconds(10))
                        .POST(BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static void expect(int status, HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() != status) {
            throw new IOException(
                    answer.uri() + " answered " + answer.statusCode() + ": " + answer.body());
        }
    }
}
