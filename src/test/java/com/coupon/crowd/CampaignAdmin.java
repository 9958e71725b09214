package com.coupon.crowd;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** One campaign through the admin API. */
public final class CampaignAdmin {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final Duration OPEN_WITHIN = Duration.ofSeconds(30);
    private static final int PAGE = 1_000;

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final URI campaigns;
    private final String id;

    public CampaignAdmin(URI url, String id) {
        this.campaigns = url.resolve("/api/v1/admin/campaigns");
        this.id = id;
    }

    /** A row of the ledger. */
    record Row(long serial, String member) {}

    /**
     * @throws IOException if the service cannot be reached or refuses
     */
    public void createAndOpen(int quantity) throws IOException, InterruptedException {
        var body =
                new JsonObject()
                        .put("id", id)
                        .put("name", "Crowd")
                        .put("quantity", quantity)
                        .put(
                                "coupon",
                                new JsonObject().put("title", "A coupon").put("discount", "10%"));
        var create =
                HttpRequest.newBuilder(campaigns)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body.encode()));
        expect(201, send(create));
        open();
    }

    private void open() throws IOException, InterruptedException {
        long start = System.nanoTime();
        HttpResponse<String> answer;
        do {
            answer = send(request("/open").POST(BodyPublishers.noBody()));
        } while (answer.statusCode() == 503 && pausedWithin(OPEN_WITHIN, start));
        expect(200, answer);
    }

    /**
     * All rows of the ledger, by ascending serial.
     *
     * @throws IOException if the service cannot be reached or refuses
     */
    List<Row> ledger() throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        Long after = 0L;
        while (after != null) {
            String page = "/issuances?after=" + after + "&limit=" + PAGE;
            JsonObject body = expect(200, send(request(page).GET()));
            var items = body.getJsonArray("items");
            IntStream.range(0, items.size())
                    .mapToObj(items::getJsonObject)
                    .map(item -> new Row(item.getLong("serial"), item.getString("memberId")))
                    .forEach(rows::add);
            after = body.getLong("next");
        }
        return rows;
    }

    /** Waits a moment, unless the time is over. */
    static boolean pausedWithin(Duration within, long startNanos) {
        if (System.nanoTime() - startNanos > within.toNanos()) {
            return false;
        }
        var soon = CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);
        CompletableFuture.runAsync(() -> {}, soon).join();
        return true;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(campaigns + "/" + id + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(
                request.header("X-User-Id", "crowd-operator")
                        .header("X-User-Scopes", "coupon.admin")
                        .timeout(ANSWER_WITHIN)
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonObject expect(int status, HttpResponse<String> answer) throws IOException {
        String asked = answer.request().method() + " " + answer.uri().getPath();
        if (answer.statusCode() != status) {
            throw new IOException(
                    asked + " was answered with " + answer.statusCode() + ": " + answer.body());
        }
        try {
            return new JsonObject(answer.body());
        } catch (DecodeException e) {
            throw new IOException(asked + " was answered with something else than JSON", e);
        }
    }
}
