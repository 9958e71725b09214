package com.coupon.examples.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Claims coupons by the rules of {@code docs/clients.md}: it repeats what is not decided or not
 * known, later and later, within a policy and a budget, and nothing else. Thread-safe.
 */
public final class ClaimClient {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);

    /** An answer has some hundred bytes. */
    private static final long LONGEST_BODY = 64 * 1024;

    private static final Set<String> FINAL =
            Set.of("sold-out", "closed", "revoked", "archived", "not-eligible", "unknown-campaign");
    private static final String NO_CLAIM = "no-claim";
    private static final String NO_ANSWER = "no-answer";

    private final HttpClient http;
    private final URI service;
    private final RetryPolicy policy;
    private final RetryBudget budget;
    private final Time time;
    private final RandomGenerator random;

    /**
     * @param http which need not be of this client alone, see {@link #http()}
     * @param service where the paths of the API begin, such as {@code https://coupons.example}
     * @param budget of all clients of this process
     * @param random that may be used by many threads, as {@link java.util.Random} may
     */
    public ClaimClient(
            HttpClient http,
            URI service,
            RetryPolicy policy,
            RetryBudget budget,
            Time time,
            RandomGenerator random) {
        this.http = http;
        this.service = service;
        this.policy = policy;
        this.budget = budget;
        this.time = time;
        this.random = random;
    }

    /**
     * One for the whole process, so that connections are kept and used again. It repeats no claim
     * by itself.
     */
    public static HttpClient http() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_WITHIN)
                .build();
    }

    /**
     * Who claims.
     *
     * @param header that says so, with this value
     */
    public record Caller(String header, String value) {

        public static Caller bearer(String token) {
            return new Caller("Authorization", "Bearer " + token);
        }
    }

    /** What may be asked; both are safe to repeat. */
    enum Question {
        CLAIM,
        /** What became of a claim that was answered 202. */
        FIND
    }

    /** What to do next. */
    sealed interface Step {

        /** Nothing. */
        record Done(ClaimAnswer answer) implements Step {}

        /**
         * To wait, and to ask.
         *
         * @param last what was heard
         * @param retryAfter how long to wait at least, as the server says; null where it does not
         */
        record Ask(Question question, String last, @Nullable Duration retryAfter) implements Step {}
    }

    /** Claims a coupon. Blocks no longer than the deadline of the policy. */
    public ClaimAnswer claim(String campaign, Caller caller) throws InterruptedException {
        long start = time.nanos();
        budget.attempt();
        Question question = Question.CLAIM;
        for (int attempts = 1; ; attempts++) {
            switch (ask(question, campaign, caller, left(start))) {
                case Step.Done(var answer) -> {
                    return answer;
                }
                case Step.Ask(var next, var last, var retryAfter) -> {
                    Duration wait = policy.waitAfter(attempts, retryAfter, random);
                    if (!policy.allows(attempts, elapsed(start), wait) || !budget.allowsRepeat()) {
                        return new ClaimAnswer.Unknown(last, wait);
                    }
                    time.sleep(wait);
                    question = next;
                }
            }
        }
    }

    private Duration elapsed(long start) {
        return Duration.ofNanos(time.nanos() - start);
    }

    private Duration left(long start) {
        Duration left = policy.deadline().minus(elapsed(start));
        return left.compareTo(policy.answerWithin()) < 0 ? left : policy.answerWithin();
    }

    /**
     * Asks once. Where nothing is heard, the claim may have been decided or not; the same question
     * tells.
     */
    private Step ask(Question question, String campaign, Caller caller, Duration within)
            throws InterruptedException {
        // The body is waited for as well, which HttpRequest.timeout() would not do
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(
                        request(question, campaign, caller),
                        BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST_BODY));
        try {
            return read(question, answer.get(within.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return new Step.Ask(question, NO_ANSWER, null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException) {
                return new Step.Ask(question, NO_ANSWER, null);
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private HttpRequest request(Question question, String campaign, Caller caller) {
        String claims = "/api/v1/campaigns/" + campaign + "/claims";
        HttpRequest.Builder request =
                switch (question) {
                    case CLAIM ->
                            HttpRequest.newBuilder(service.resolve(claims))
                                    .POST(BodyPublishers.noBody());
                    // What Location says. It is not followed, so that an identity goes to no other
                    case FIND -> HttpRequest.newBuilder(service.resolve(claims + "/me"));
                };
        return request.header(caller.header(), caller.value()).build();
    }

    private Step read(Question question, HttpResponse<String> response) {
        Instant now =
                response.headers().firstValue("Date").map(RetryPolicy::date).orElseGet(time::now);
        Duration retryAfter =
                RetryPolicy.retryAfter(
                        response.headers().firstValue("Retry-After").orElse(null), now);
        return read(question, response.statusCode(), json(response.body()), retryAfter);
    }

    /** Empty where it is no JSON, as of a proxy that has something to say. */
    static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }

    /** The table of {@code docs/clients.md}. */
    Step read(Question question, int status, JsonNode body, @Nullable Duration retryAfter) {
        String code = body.path("code").asString("status-" + status);
        return switch (status) {
            case 200, 201 -> won(status, body);
            case 202 -> new Step.Ask(Question.FIND, "pending", retryAfter);
            case 403, 404, 409, 410 -> {
                if (FINAL.contains(code)) {
                    yield new Step.Done(new ClaimAnswer.Lost(code));
                }
                yield switch (code) {
                    case NO_CLAIM -> new Step.Ask(Question.CLAIM, code, null);
                    case "not-open-yet" ->
                            new Step.Done(
                                    new ClaimAnswer.NotNow(
                                            code, policy.waitAfter(1, retryAfter, random)));
                    case "paused" -> new Step.Done(new ClaimAnswer.NotNow(code, null));
                    default -> new Step.Done(new ClaimAnswer.Mistake(status, code));
                };
            }
            case 429 -> new Step.Ask(question, code, retryAfter);
            default ->
                    // 502 and 504 are said by what stands between
                    status >= 500
                            ? new Step.Ask(question, code, retryAfter)
                            : new Step.Done(new ClaimAnswer.Mistake(status, code));
        };
    }

    private static Step won(int status, JsonNode body) {
        String couponCode = body.path("couponCode").asString("");
        return new Step.Done(
                couponCode.isEmpty()
                        ? new ClaimAnswer.Mistake(status, "no-coupon")
                        : new ClaimAnswer.Won(
                                body.path("status").asString(""),
                                body.path("serial").asLong(0),
                                couponCode));
    }
}
