package com.coupon.issuance.adapter.in.web;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.coupon.issuance.application.ClaimOrigins;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.port.in.ClaimCoupon;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.Language;
import com.coupon.shared.MemberId;
import com.coupon.shared.web.AcceptedLanguage;
import com.coupon.shared.web.Admission;
import com.coupon.shared.web.PreparedProblem;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import com.coupon.shared.web.ProblemWriter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.http.Outcome;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers ordinary claims in front of everything else, because nearly all requests are claims that
 * are lost, and the way to a controller, through filters and Spring MVC, costs more than all that
 * is done for one. Whoever is let in, what is counted and what is answered is the same as there. A
 * request that is out of the ordinary, by its path, a body or what it accepts, goes that way.
 *
 * <p>It is a valve of Tomcat, and so not seen where Spring Boot looks, when it stops, for requests
 * that are still being answered. So it waits for them itself.
 */
@ApiRole
final class ExpressLane
        implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ExpressLane.class);

    /** How often it is looked whether all are answered. */
    private static final Duration LOOK = Duration.ofMillis(5);

    /** How much longer than its answer a claim may take, for who is let in and for sending. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private static final Header NO_SNIFFING = new Header("X-Content-Type-Options", "nosniff");
    private static final Header UNCACHED = new Header("Cache-Control", "no-store");
    private static final Header IN_ENGLISH = new Header("Content-Language", "en");
    private static final Header IN_KOREAN = new Header("Content-Language", "ko");
    private static final Header PLAIN_JSON = new Header("Content-Type", "application/json");
    private static final Header PROBLEM_JSON =
            new Header("Content-Type", "application/problem+json");

    /** Of version 00 (W3C Trace Context). */
    private static final int TRACEPARENT_LENGTH = 55;

    private static final String BEFORE = "/api/v1/campaigns/";
    private static final String AFTER = "/claims";

    private final ClaimCoupon claims;
    private final Admission admission;
    private final JsonMapper json;
    private final Duration answerWithin;
    private final RequestTimers timers;

    /** Null where nobody asks for traces, and then claims are not looked at for theirs. */
    private final @Nullable ClaimOrigins origins;

    private final LongAdder arrived = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private volatile boolean running;

    ExpressLane(
            ClaimCoupon claims,
            Admission admission,
            JsonMapper json,
            IssuanceProperties properties,
            MeterRegistry meters,
            ClaimOrigins origins,
            @Value("${management.tracing.export.enabled}") boolean traced) {
        this.claims = claims;
        this.admission = admission;
        this.json = json;
        this.answerWithin = properties.claims().answerWithin();
        this.timers = new RequestTimers(meters);
        this.origins = traced ? origins : null;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(new Entrance());
    }

    /** Stands in front of everything else that Tomcat does for a request. */
    private final class Entrance extends ValveBase {

        Entrance() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response)
                throws IOException, ServletException {
            String path = request.getRequestURI();
            CampaignId campaign =
                    path != null && isUnanswered(response) && isOrdinary(request, path)
                            ? campaign(path)
                            : null;
            if (campaign == null) {
                getNext().invoke(request, response);
            } else {
                new Exchange(campaign, path, request, response).begin();
            }
        }
    }

    /** What Tomcat has found malformed comes by here as well, with its answer. */
    private static boolean isUnanswered(Response response) {
        return response.getStatus() == HttpServletResponse.SC_OK && !response.isError();
    }

    private static boolean isOrdinary(HttpServletRequest request, String path) {
        return path.startsWith(BEFORE)
                && path.endsWith(AFTER)
                && request.getMethod().equals("POST")
                && request.getContentLengthLong() <= 0
                && request.getHeader("Transfer-Encoding") == null
                && acceptsJson(request.getHeader("Accept"));
    }

    private static boolean acceptsJson(@Nullable String accept) {
        return accept == null
                || accept.equals("*/*")
                || accept.equals(MediaType.APPLICATION_JSON_VALUE);
    }

    /** Null where it is spelt in a way that no campaign is. */
    private static @Nullable CampaignId campaign(String path) {
        int end = path.length() - AFTER.length();
        return end > BEFORE.length()
                ? CampaignId.parse(path.substring(BEFORE.length(), end))
                : null;
    }

    /**
     * A claim and its answer. No thread waits for an answer that takes its time: whoever has it
     * writes it, and Tomcat sends it.
     */
    private final class Exchange implements AsyncListener {

        private final long start = System.nanoTime();
        private final CampaignId campaign;
        private final String path;
        private final Request request;
        private final Response response;
        private final Language language;
        private @Nullable AsyncContext waiting;
        private boolean isTold;

        Exchange(CampaignId campaign, String path, Request request, Response response) {
            this.campaign = campaign;
            this.path = path;
            this.request = request;
            this.response = response;
            this.language = AcceptedLanguage.of(request);
        }

        void begin() throws IOException {
            arrived.increment();
            boolean takesItsTime = false;
            try {
                takesItsTime = claim();
            } finally {
                if (!takesItsTime) {
                    end();
                }
            }
        }

        /** Whether the answer is still to come. */
        private boolean claim() throws IOException {
            NO_SNIFFING.addTo(response);
            try {
                MemberId member = admission.admitMember(request, response).member();
                CompletableFuture<ClaimResult> result =
                        origins == null
                                ? claims.claim(campaign, member)
                                : claimTraced(origins, member);
                if (!result.isDone()) {
                    await(result, member);
                    return true;
                }
                tell(ClaimAnswer.of(result.resultNow(), campaign, member));
            } catch (ProblemException turnedAway) {
                ProblemWriter.write(turnedAway, language, request, response);
            } catch (RuntimeException e) {
                fail(e);
            }
            return false;
        }

        /** Who wins is noted before he has won, because he may be published before he is told. */
        private CompletableFuture<ClaimResult> claimTraced(ClaimOrigins origins, MemberId member) {
            String origin = request.getHeader("traceparent");
            if (origin == null || origin.length() != TRACEPARENT_LENGTH) {
                return claims.claim(campaign, member);
            }
            origins.note(campaign, member, origin);
            return claims.claim(campaign, member)
                    .whenComplete((result, failure) -> {
                        if (!(result instanceof ClaimResult.Issued
                                || result instanceof ClaimResult.Pending)) {
                            origins.forget(campaign, member, origin);
                        }
                    });
        }

        private void await(CompletableFuture<ClaimResult> result, MemberId member) {
            AsyncContext context = request.startAsync();
            context.setTimeout(answerWithin.toMillis());
            context.addListener(this);
            waiting = context;
            var _ = result.thenAccept(known -> tellLate(ClaimAnswer.of(known, campaign, member)));
        }

        /**
         * Tells the first answer that there is. Whoever comes second waits until it is told: where
         * that is Tomcat, it would take the request for given up, and the response for its own.
         */
        private synchronized void tellLate(ClaimAnswer answer) {
            if (isTold) {
                return;
            }
            isTold = true;
            try {
                try {
                    tell(answer);
                } catch (RuntimeException e) {
                    fail(e);
                }
            } catch (IOException e) {
                log.debug("Nobody is there to hear an answer", e);
            } finally {
                end();
            }
        }

        private void end() {
            // What is completed may be another request's at once.
            timers.record(response.getStatus(), System.nanoTime() - start);
            try {
                if (waiting != null) {
                    waiting.complete();
                }
            } catch (IllegalStateException e) {
                log.debug("Tomcat has given up a request before its answer", e);
            } finally {
                answered.increment();
            }
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            tellLate(new ClaimAnswer.Refused(ProblemCode.UNAVAILABLE));
        }

        @Override
        public synchronized void onError(AsyncEvent event) {
            if (!isTold) {
                isTold = true;
                end();
            }
        }

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}

        private void tell(ClaimAnswer answer) throws IOException {
            switch (answer) {
                case ClaimAnswer.Refused(var code) -> refuse(code);
                case ClaimAnswer.Early early ->
                        ProblemWriter.write(
                                ClaimController.problem(early), language, request, response);
                case ClaimAnswer.Told told -> tell(told);
            }
        }

        private void fail(RuntimeException defect) throws IOException {
            log.error("A claim failed", defect);
            refuse(ProblemCode.INTERNAL_ERROR);
        }

        private void refuse(ProblemCode code) throws IOException {
            PreparedProblem problem = PreparedProblem.of(code, language);
            response.setStatus(problem.status());
            UNCACHED.addTo(response);
            PROBLEM_JSON.addTo(response);
            (language == Language.KOREAN ? IN_KOREAN : IN_ENGLISH).addTo(response);
            if (problem.isPassing()) {
                response.addHeader("Retry-After", problem.retryAfter());
            }
            write(problem.body(path));
        }

        private void tell(ClaimAnswer.Told told) throws IOException {
            response.setStatus(told.status().value());
            UNCACHED.addTo(response);
            PLAIN_JSON.addTo(response);
            if (told.location() != null) {
                response.addHeader("Location", told.location());
            }
            if (told.retryAfter() != null) {
                response.addHeader("Retry-After", told.retryAfter());
            }
            write(json.writeValueAsBytes(told.body()));
        }

        /**
         * Into Tomcat's buffer. Told its length, Tomcat would send the answer from here, and
         * whoever decides claims would wait for a slow client.
         */
        private void write(byte[] body) throws IOException {
            response.getOutputStream().write(body);
        }
    }

    /** A header that is always the same, as Tomcat sends it, so that it need not be encoded. */
    private static final class Header {

        private final byte[] name;
        private final byte[] value;

        Header(String name, String value) {
            this.name = name.getBytes(US_ASCII);
            this.value = value.getBytes(US_ASCII);
        }

        void addTo(Response response) {
            response.getCoyoteResponse()
                    .getMimeHeaders()
                    .addValue(name, 0, name.length)
                    .setBytes(value, 0, value.length);
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** Waits until the claims that have come are answered, as long as one of them may take. */
    @Override
    public void stop() {
        long end = System.nanoTime() + answerWithin.toNanos() + MARGIN.toNanos();
        while (arrived.sum() != answered.sum() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After no more requests are let in, and before the web server stops. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE - 1;
    }

    /** What Spring's observation of requests counts, under the same names. */
    private static final class RequestTimers {

        /** Also before the first of them: an alert on failures needs a count that begins at 0. */
        private static final int[] EXPECTED = {
            200, 201, 202, 401, 403, 404, 409, 410, 429, 500, 503
        };

        private final MeterRegistry meters;
        private final AtomicReferenceArray<@Nullable Timer> byStatus =
                new AtomicReferenceArray<>(600);

        RequestTimers(MeterRegistry meters) {
            this.meters = meters;
            for (int status : EXPECTED) {
                byStatus.set(status, timer(status));
            }
        }

        void record(int status, long nanos) {
            Timer timer = byStatus.get(status);
            if (timer == null) {
                timer = timer(status);
                byStatus.set(status, timer);
            }
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }

        private Timer timer(int status) {
            return Timer.builder("http.server.requests")
                    .tag("error", "none")
                    .tag("exception", "none")
                    .tag("method", "POST")
                    .tag("outcome", Outcome.forStatus(status).name())
                    .tag("status", Integer.toString(status))
                    .tag("uri", "/api/v1/campaigns/{campaign}/claims")
                    .register(meters);
        }
    }
}
