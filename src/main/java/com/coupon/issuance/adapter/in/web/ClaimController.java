package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.port.in.ClaimCoupon;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.Caller;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The public claim API, for whatever request. Ordinary claims are answered by the {@link
 * ExpressLane} before they get here, and in the same way.
 */
@ApiRole
@RestController
@RequestMapping("/api/v1/campaigns/{campaign}/claims")
final class ClaimController {

    private final ClaimCoupon claims;
    private final Duration answerWithin;

    ClaimController(ClaimCoupon claims, IssuanceProperties properties) {
        this.claims = claims;
        this.answerWithin = properties.claims().answerWithin();
    }

    /**
     * Claims a coupon. Each call is answered for good, or says that it is not. Repeating it is
     * always safe: a member has at most one coupon of a campaign, and asking again tells of the
     * same one. It takes no body.
     */
    @PostMapping
    @Answers(
            value = {HttpStatus.CREATED, HttpStatus.OK, HttpStatus.ACCEPTED},
            body = ClaimAnswer.ClaimBody.class,
            headers = "Cache-Control",
            problems = {
                ProblemCode.BODY_NOT_ALLOWED,
                ProblemCode.NOT_ELIGIBLE,
                ProblemCode.UNKNOWN_CAMPAIGN,
                ProblemCode.SOLD_OUT,
                ProblemCode.NOT_OPEN_YET,
                ProblemCode.PAUSED,
                ProblemCode.CLOSED,
                ProblemCode.REVOKED,
                ProblemCode.ARCHIVED,
                ProblemCode.OVERLOADED,
                ProblemCode.RECOVERING
            })
    ResponseEntity<?> claim(
            @PathVariable CampaignId campaign, Caller caller, HttpServletRequest request)
            throws InterruptedException {
        if (request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null) {
            throw new ProblemException(ProblemCode.BODY_NOT_ALLOWED);
        }
        return respond(campaign, caller, await(claims.claim(campaign, caller.member())));
    }

    /**
     * Tells what the caller has won in a campaign. It decides nothing. After a 202 it says 200 once
     * the coupon is confirmed; 404 {@code no-claim} means that the decision was lost, and the
     * member may claim again.
     */
    @GetMapping("/me")
    @Answers(
            value = {HttpStatus.OK, HttpStatus.ACCEPTED},
            body = ClaimAnswer.ClaimBody.class,
            headers = "Cache-Control",
            problems = {
                ProblemCode.UNKNOWN_CAMPAIGN,
                ProblemCode.NO_CLAIM,
                ProblemCode.REVOKED,
                ProblemCode.ARCHIVED,
                ProblemCode.OVERLOADED,
                ProblemCode.RECOVERING
            })
    ResponseEntity<?> find(@PathVariable CampaignId campaign, Caller caller)
            throws InterruptedException {
        return respond(campaign, caller, await(claims.find(campaign, caller.member())));
    }

    private ClaimResult await(CompletableFuture<ClaimResult> answer) throws InterruptedException {
        try {
            return answer.get(answerWithin.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return new ClaimResult.Unavailable();
        }
    }

    private static ResponseEntity<?> respond(
            CampaignId campaign, Caller caller, ClaimResult result) {
        return switch (ClaimAnswer.of(result, campaign, caller.member())) {
            case ClaimAnswer.Told told -> told(told);
            case ClaimAnswer.Refused(var code) -> new ProblemException(code).toResponse();
            case ClaimAnswer.Early early -> problem(early).toResponse();
        };
    }

    private static ResponseEntity<?> told(ClaimAnswer.Told told) {
        var answer = ResponseEntity.status(told.status()).cacheControl(CacheControl.noStore());
        if (told.location() != null) {
            answer.header("Location", told.location());
        }
        if (told.retryAfter() != null) {
            answer.header("Retry-After", told.retryAfter());
        }
        return answer.body(told.body());
    }

    static ProblemException problem(ClaimAnswer.Early early) {
        return new ProblemException(ProblemCode.NOT_OPEN_YET)
                .with("opensAt", early.opensAt())
                .retryAfter(early.remaining());
    }
}
