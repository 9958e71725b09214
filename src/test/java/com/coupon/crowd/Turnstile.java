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
    private final Timeline timeline;
    private int busyLanes;

    /**
     * @param client that nobody else uses
     * @param lanes members who are let through at the same time
     * @param startNanos when the crowd starts, by the clock of {@link System#nanoTime()}
     */
    Turnstile(
            HttpClientAgent client,
            RequestOptions claim,
            String campaign,
            Queue queue,
            int lanes,
            long startNanos) {
        this.client = client;
        this.claim = claim;
        this.campaign = campaign;
        this.queue = queue;
        this.busyLanes = lanes;
        this.timeline = new Timeline(startNanos);
    }

    /**
     * A member at the turnstile.
     *
     * @param fromNanos when to let the member through, by the clock of {@link System#nanoTime()}
     * @param asksTwice whether the member asks once more on hearing a final answer
     */
    record Visitor(String member, long fromNanos, boolean asksTwice) {}

    /** Who is next, shared by all turnstiles. */
    interface Queue {

        /** The next member, or null where there is none left, or no time. */
        @Nullable Visitor next();

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

    /** What members were told in the end, and why requests were repeated. */
    Timeline timeline() {
        return timeline;
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
        private boolean willAskAgain;
        private @Nullable String told;
        private Tally.@Nullable Winner coupon;
        private int attempts;
        private long sentNanos;

        void admitNext() {
            Visitor next = queue.next();
            if (next == null) {
                busyLanes--;
                if (busyLanes == 0) {
                    emptied.complete();
                }
                return;
            }
            member = next.member();
            willAskAgain = next.asksTwice();
            told = null;
            coupon = null;
            attempts = 0;
            long early = (next.fromNanos() - System.nanoTime()) / 1_000_000;
            if (early > 0) {
                vertx.setTimer(early, timer -> ask());
            } else {
                ask();
            }
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
                        know(attempts > 1 ? won(body, Tally.ALREADY_ISSUED) : Tally.ISSUED_UNASKED);
                case 201 -> know(won(body, Tally.ISSUED));
                case 202 -> repeat("pending", askedWait(response));
                case 429, 503 -> repeat(code(response, body), askedWait(response));
                default -> know(lost(code(response, body)));
            }
        }

        private void hearNothing(Throwable failure) {
            repeat(
                    failure instanceof TimeoutException ? "timeout" : "connection-failure",
                    DEFAULT_WAIT_MILLIS);
        }

        /** Whoever asks once more does so at once, like people who press a button twice. */
        private void know(String answer) {
            if (willAskAgain) {
                willAskAgain = false;
                told = answer;
                repeats.merge(Tally.ASKED_TWICE, 1L, Long::sum);
                ask();
            } else {
                finish(answer);
            }
        }

        private void finish(String answer) {
            answers.merge(answer, 1L, Long::sum);
            timeline.add(answer);
            queue.answered();
            admitNext();
        }

        private void repeat(String cause, long waitMillis) {
            if (attempts == MOST_ATTEMPTS) {
                finish(told != null ? told : Tally.GAVE_UP);
            } else if (queue.isOutOfTime()) {
                finish(told != null ? told : Tally.OUT_OF_TIME);
            } else {
                repeats.merge(cause, 1L, Long::sum);
                timeline.add(cause);
                long jitter = ThreadLocalRandom.current().nextLong(JITTER_MILLIS);
                vertx.setTimer(waitMillis + jitter, timer -> ask());
            }
        }

        private String won(Buffer body, String answer) {
            Tally.Winner read = read(body);
            if (read == null) {
                return Tally.UNINTELLIGIBLE;
            }
            if (coupon == null) {
                coupon = read;
                winners.add(read);
                return answer;
            }
            return coupon.equals(read) && told != null ? told : Tally.TOLD_OTHERWISE;
        }

        /** A winner stays one, unless an operator has taken the coupon back. */
        private String lost(String answer) {
            return coupon == null || answer.equals("revoked") ? answer : Tally.TOLD_OTHERWISE;
        }

        private Tally.@Nullable Winner read(Buffer body) {
            try {
                JsonObject json = body.toJsonObject();
                Long serial = json.getLong("serial");
                String code = json.getString("couponCode");
                return serial != null
                                && code != null
                                && member.equals(json.getString("memberId"))
                                && campaign.equals(json.getString("campaignId"))
                        ? new Tally.Winner(member, serial, code)
                        : null;
            } catch (DecodeException | ClassCastException e) {
                return null;
            }
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
