package com.coupon.issuance.adapter.in.web;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.port.in.ClaimCoupon;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.Language;
import com.coupon.shared.MemberId;
import com.coupon.shared.web.Admission;
import com.coupon.shared.web.PreparedProblem;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import com.coupon.shared.web.ProblemWriter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;
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

    private static final String BEFORE = "/api/v1/campaigns/";
    private static final String AFTER = "/claims";

    private final ClaimCoupon claims;
    private final Admission admission;
    private final JsonMapper json;
    private final Duration answerWithin;
    private final RequestTimers timers;
    private final LongAdder arrived = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private volatile boolean running;

    ExpressLane(
            ClaimCoupon claims,
            Admission admission,
            JsonMapper json,
            IssuanceProperties properties,
            MeterRegistry meters) {
        this.claims = claims;
        this.admission = admission;
        this.json = json;
        this.answerWithin = properties.claims().answerWithin();
        this.timers = new RequestTimers(meters);
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
                countedClaim(campaign, path, request, response);
            }
        }
    }

    private void countedClaim(CampaignId campaign, String path, Request request, Response response)
            throws IOException {
        arrived.increment();
        long start = System.nanoTime();
        try {
            claim(campaign, path, request, response);
        } finally {
            timers.record(response.getStatus(), System.nanoTime() - start);
            answered.increment();
        }
    }

    private void claim(CampaignId campaign, String path, Request request, Response response)
            throws IOException {
        NO_SNIFFING.addTo(response);
        try {
            MemberId member = admission.admitMember(request, response).member();
            ClaimResult result = await(claims.claim(campaign, member));
            answer(ClaimAnswer.of(result, campaign, member), path, request, response);
        } catch (ProblemException turnedAway) {
            ProblemWriter.write(turnedAway, request, response);
        } catch (RuntimeException e) {
            log.error("A claim failed", e);
            refuse(ProblemCode.INTERNAL_ERROR, path, request, response);
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

    private ClaimResult await(CompletableFuture<ClaimResult> answer) {
        try {
            return answer.isDone()
                    ? answer.resultNow()
                    : answer.get(answerWithin.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return new ClaimResult.Unavailable();
        } catch (InterruptedException e) {
            throw new ProblemException(ProblemCode.UNAVAILABLE);
        }
    }

    private void answer(ClaimAnswer answer, String path, Request request, Response response)
            throws IOException {
        switch (answer) {
            case ClaimAnswer.Refused(var code) -> refuse(code, path, request, response);
            case ClaimAnswer.Early early ->
                    ProblemWriter.write(ClaimController.problem(early), request, response);
            case ClaimAnswer.Told told -> tell(told, response);
        }
    }

    private static void refuse(ProblemCode code, String path, Request request, Response response)
            throws IOException {
        PreparedProblem problem = PreparedProblem.of(code, request);
        response.setStatus(problem.status());
        UNCACHED.addTo(response);
        PROBLEM_JSON.addTo(response);
        (problem.language() == Language.KOREAN ? IN_KOREAN : IN_ENGLISH).addTo(response);
        if (problem.isPassing()) {
            response.addHeader("Retry-After", problem.retryAfter());
        }
        write(problem.body(path), response);
    }

    private void tell(ClaimAnswer.Told told, Response response) throws IOException {
        response.setStatus(told.status().value());
        UNCACHED.addTo(response);
        PLAIN_JSON.addTo(response);
        if (told.location() != null) {
            response.addHeader("Location", told.location());
        }
        if (told.retryAfter() != null) {
            response.addHeader("Retry-After", told.retryAfter());
        }
        write(json.writeValueAsBytes(told.body()), response);
    }

    private static void write(byte[] body, Response response) throws IOException {
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
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

        private final MeterRegistry meters;
        private final AtomicReferenceArray<@Nullable Timer> byStatus =
                new AtomicReferenceArray<>(600);

        RequestTimers(MeterRegistry meters) {
            this.meters = meters;
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
                    .tag("outcome", HttpStatus.valueOf(status).series().name())
                    .tag("status", Integer.toString(status))
                    .tag("uri", "/api/v1/campaigns/{campaign}/claims")
                    .register(meters);
        }
    }
}
