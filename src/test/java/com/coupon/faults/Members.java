package com.coupon.faults;

import com.coupon.history.Answer;
import com.coupon.history.HistoryRecorder;
import com.coupon.history.HistoryRecorder.Asking;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Members who come one after the other, each to a node by chance, and repeat their claim until they
 * know what became of it. Everything they send and hear is written down.
 */
final class Members {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(6);

    private final HttpClient http;
    private final List<URI> nodes;
    private final String campaign;
    private final HistoryRecorder recorder;
    private final JsonMapper json = new JsonMapper();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile int onlyNode = -1;
    private volatile boolean stopped;

    Members(HttpClient http, List<URI> nodes, String campaign, HistoryRecorder recorder) {
        this.http = http;
        this.nodes = nodes;
        this.campaign = campaign;
        this.recorder = recorder;
    }

    /**
     * Lets members come.
     *
     * @param within the time that their arrivals are spread over
     */
    void come(int count, Duration within, Random random) {
        waiting.addAndGet(count);
        List<Integer> arrivals = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            arrivals.add(random.nextInt((int) within.toMillis()));
        }
        for (int number = 0; number < count; number++) {
            String member = "member-" + number;
            int arrival = arrivals.get(number);
            Thread.ofVirtual()
                    .start(() -> {
                        Pause.millis(arrival);
                        claimUntilKnown(member);
                    });
        }
    }

    private void claimUntilKnown(String member) {
        try {
            while (!stopped && !claim(member).isFinal()) {
                Pause.millis(ThreadLocalRandom.current().nextInt(100, 300));
            }
        } finally {
            waiting.decrementAndGet();
        }
    }

    /** Sends everybody to one node, or with -1 to all again. */
    void only(int node) {
        onlyNode = node;
    }

    boolean allKnow() {
        return waiting.get() == 0;
    }

    /** Nobody repeats his claim any more. */
    void stop() {
        stopped = true;
    }

    Answer claim(String member) {
        return ask(
                recorder.claim(member),
                member,
                HttpRequest.newBuilder(url("")).POST(BodyPublishers.noBody()));
    }

    Answer find(String member) {
        return ask(recorder.find(member), member, HttpRequest.newBuilder(url("/me")));
    }

    private URI url(String path) {
        int node = onlyNode >= 0 ? onlyNode : ThreadLocalRandom.current().nextInt(nodes.size());
        return nodes.get(node).resolve("/api/v1/campaigns/" + campaign + "/claims" + path);
    }

    private Answer ask(Asking asking, String member, HttpRequest.Builder request) {
        Answer answer;
        try {
            answer =
                    read(
                            http.send(
                                    request.header("X-User-Id", member)
                                            .timeout(ANSWER_WITHIN)
                                            .build(),
                                    BodyHandlers.ofString()));
        } catch (HttpTimeoutException e) {
            answer = new Answer.Unknown("timeout");
        } catch (IOException | JacksonException e) {
            answer = new Answer.Unknown(e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer = new Answer.Unknown("interrupted");
        }
        asking.answered(answer);
        return answer;
    }

    private Answer read(HttpResponse<String> response) {
        JsonNode body = json.readTree(response.body());
        long serial = body.path("serial").asLong(0);
        String code = body.path("couponCode").asString("");
        return switch (response.statusCode()) {
            case 200 -> new Answer.AlreadyIssued(serial, code);
            case 201 -> new Answer.Issued(serial, code);
            case 202 -> new Answer.Pending();
            default -> refusal(response.statusCode(), body.path("code").asString(""));
        };
    }

    private static Answer refusal(int status, String code) {
        return switch (code) {
            case "sold-out" -> new Answer.SoldOut();
            case "revoked" -> new Answer.Revoked();
            case "no-claim" -> new Answer.NoClaim();
            case "archived" -> new Answer.Archived();
            default ->
                    status == 429 || status >= 500
                            ? new Answer.Unknown(code)
                            : new Answer.Refused(code);
        };
    }
}
