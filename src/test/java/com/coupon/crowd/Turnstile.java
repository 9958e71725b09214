package com.coupon.crowd;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Lets members through, one after the other in each of its lanes. All of it happens on one event
 * loop, so that nothing needs to be shared while the storm lasts; what it has counted may be read
 * once {@link #emptied()}.
 */
final class Turnstile extends VerticleBase {

    private static final int MOST_ATTEMPTS = 20;
    private static final long DEFAULT_WAIT_MILLIS = 1_000;
    private static final long LONGEST_WAIT_MILLIS = 2_500;
    private static final long JITTER_MILLIS = 500;

    private final HttpClientAgent client;
    private final RequestOptions claim;
    private final String campaign;
    private final Queue queue;
    private final Promise<Void> emptied = Promise.promise();
    private final Map<String, Long> answers = new HashMap<>();
    private final Map<String, Long> repeats = new HashMap<>();
    private final Histogram micros = new Histogram(3);
    private final List<Tally.Winner> winners = new ArrayList<>();
    private int busyLanes;

    /**
     * @param client that nobody else uses
     * @param lanes members who are let through at the same time
     */
    Turnstile(
            HttpClientAgent client, RequestOptions claim, String campaign, Queue queue, int lanes) {
        this.client = client;
        this.claim = claim;
        this.campaign = campaign;
        this.queue = queue;
        this.busyLanes = lanes;
    }

    /** Who is next, shared by all turnstiles. */
    interface Queue {

        /** The next member, or null where there is none left, or no time. */
        @Nullable String next();

        boolean isOutOfTime();

        void answered();
    }

    @Override
    public Future<?> start() {
        int lanes = busyLanes;
        for (int lane = 0; lane < lanes; lane++) {
            new Lane().admitNext();
        }
        return Future.succeededFuture();
    }

    Future<Void> emptied() {
        return emptied.future();
    }

    Map<String, Long> answers() {
        return answers;
    }

    Map<String, Long> repeats() {
        return repeats;
    }

    /** Latencies in microseconds. */
    Histogram micros() {
        return micros;
    }

    List<Tally.Winner> winners() {
        return winners;
    }

    /**
     * One member at a time, who waits here, too, before asking again: that is what keeps the load
     * closed.
     */
    private final class Lane {

        private String member = "";
        private int attempts;
        private long sentNanos;

        void admitNext() {
            String next = queue.next();
            if (next == null) {
                busyLanes--;
                if (busyLanes == 0) {
                    emptied.complete();
                }
                return;
            }
            member = next;
            attempts = 0;
            ask();
        }

        private void ask() {
            attempts++;
            sentNanos = System.nanoTime();
            client.request(claim)
                    .compose(request -> request.putHeader("X-User-Id", member).send())
                    .compose(response -> response.body().onSuccess(body -> hear(response, body)))
                    .onFailure(this::hearNothing);
        }

        private void hear(HttpClientResponse response, Buffer body) {
            micros.recordValue((System.nanoTime() - sentNanos) / 1_000);
            switch (response.statusCode()) {
                case 200 ->
                        finish(
                                attempts > 1
                                        ? won(body, Tally.ALREADY_ISSUED)
                                        : Tally.ISSUED_UNASKED);
                case 201 -> finish(won(body, Tally.ISSUED));
                case 202 -> repeat("pending", askedWait(response));
                case 429, 503 -> repeat(code(response, body), askedWait(response));
                default -> finish(code(response, body));
            }
        }

        private void hearNothing(Throwable failure) {
            repeat(
                    failure instanceof TimeoutException ? "timeout" : "connection-failure",
                    DEFAULT_WAIT_MILLIS);
        }

        private void finish(String answer) {
            answers.merge(answer, 1L, Long::sum);
            queue.answered();
            admitNext();
        }

        private void repeat(String cause, long waitMillis) {
            if (attempts == MOST_ATTEMPTS) {
                finish(Tally.GAVE_UP);
            } else if (queue.isOutOfTime()) {
                finish(Tally.OUT_OF_TIME);
            } else {
                repeats.merge(cause, 1L, Long::sum);
                long jitter = ThreadLocalRandom.current().nextLong(JITTER_MILLIS);
                vertx.setTimer(waitMillis + jitter, timer -> ask());
            }
        }

        private String won(Buffer body, String answer) {
            try {
                JsonObject coupon = body.toJsonObject();
                Long serial = coupon.getLong("serial");
                String code = coupon.getString("couponCode");
                if (serial != null
                        && code != null
                        && member.equals(coupon.getString("memberId"))
                        && campaign.equals(coupon.getString("campaignId"))) {
                    winners.add(new Tally.Winner(member, serial, code));
                    return answer;
                }
            } catch (DecodeException | ClassCastException e) {
                // Said below, as of coupons of somebody else
            }
            return Tally.UNINTELLIGIBLE;
        }
    }

    /**
     * Almost everybody is told "sold out", so this looks for the code only instead of reading all
     * the JSON.
     */
    private static String code(HttpClientResponse response, Buffer body) {
        String text = body.toString();
        int name = text.indexOf("\"code\":\"");
        int start = name + "\"code\":\"".length();
        int end = name < 0 ? -1 : text.indexOf('"', start);
        return end < 0 ? "status-" + response.statusCode() : text.substring(start, end);
    }

    /** As long as the service asks for, within reason. */
    private static long askedWait(HttpClientResponse response) {
        String seconds = response.getHeader("Retry-After");
        try {
            return seconds == null
                    ? DEFAULT_WAIT_MILLIS
                    : Math.clamp(1_000 * Long.parseLong(seconds), 0, LONGEST_WAIT_MILLIS);
        } catch (NumberFormatException e) {
            return DEFAULT_WAIT_MILLIS;
        }
    }
}
