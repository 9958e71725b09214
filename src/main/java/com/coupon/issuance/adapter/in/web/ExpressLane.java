package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.port.in.ClaimCoupon;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import com.coupon.shared.web.Admission;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import com.coupon.shared.web.ProblemWriter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers ordinary claims in front of everything else, because nearly all requests are claims that
 * are lost, and Spring's way to a controller costs more than all that is done for one. Whoever is
 * let in, what is counted and what is answered is the same as there. A request that is out of the
 * ordinary, by its path, a body or what it accepts, goes that way.
 */
@ApiRole
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ExpressLane extends HttpFilter {

    private static final String BEFORE = "/api/v1/campaigns/";
    private static final String AFTER = "/claims";

    private final ClaimCoupon claims;
    private final Admission admission;
    private final JsonMapper json;
    private final Duration answerWithin;
    private final RequestTimers timers;

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
    protected void doFilter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getRequestURI();
        CampaignId campaign = isOrdinary(request, path) ? campaign(path) : null;
        if (campaign == null) {
            chain.doFilter(request, response);
            return;
        }
        long start = System.nanoTime();
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            MemberId member = admission.admitMember(request, response).member();
            ClaimResult result = await(claims.claim(campaign, member));
            answer(ClaimAnswer.of(result, campaign, member), path, request, response);
        } catch (ProblemException turnedAway) {
            ProblemWriter.write(turnedAway, request, response);
        } finally {
            timers.record(response.getStatus(), System.nanoTime() - start);
        }
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

    private void answer(
            ClaimAnswer answer,
            String path,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        switch (answer) {
            case ClaimAnswer.Refused(var code) ->
                    ProblemWriter.write(code, path, request, response);
            case ClaimAnswer.Early early ->
                    ProblemWriter.write(ClaimController.problem(early), request, response);
            case ClaimAnswer.Told told -> {
                response.setStatus(told.status().value());
                response.setHeader("Cache-Control", "no-store");
                if (told.location() != null) {
                    response.setHeader("Location", told.location());
                }
                if (told.retryAfter() != null) {
                    response.setHeader("Retry-After", told.retryAfter());
                }
                response.setContentType(MediaType.APPLICATION_JSON_VALUE);
                byte[] body = json.writeValueAsBytes(told.body());
                response.setContentLength(body.length);
                response.getOutputStream().write(body);
            }
        }
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
