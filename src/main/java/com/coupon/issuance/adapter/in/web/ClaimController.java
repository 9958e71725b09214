package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.port.in.ClaimCoupon;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.Caller;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The public claim API. */
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

    /** What a member hears of a coupon; while it is pending there is nothing to show yet. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ClaimBody(
            String status,
            String campaignId,
            String memberId,
            @Nullable Long serial,
            @Nullable String couponCode,
            @Nullable Instant issuedAt) {

        static ClaimBody won(String status, IssuedCoupon coupon) {
            return new ClaimBody(
                    status,
                    coupon.campaign().value(),
                    coupon.member().value(),
                    coupon.serial(),
                    coupon.code().value(),
                    coupon.issuedAt());
        }

        static ClaimBody pending(CampaignId campaign, Caller caller) {
            return new ClaimBody(
                    "PENDING", campaign.value(), caller.member().value(), null, null, null);
        }
    }

    /**
     * Claims a coupon. Each call is answered for good, or says that it is not. Repeating it is
     * always safe: a member has at most one coupon of a campaign, and asking again tells of the
     * same one. It takes no body.
     */
    @PostMapping
    @Answers(
            value = {HttpStatus.CREATED, HttpStatus.OK, HttpStatus.ACCEPTED},
            body = ClaimBody.class,
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
            body = ClaimBody.class,
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

    /**
     * Nearly all answers are refusals, so they are given as values; throwing costs several times as
     * much.
     */
    private static ResponseEntity<?> respond(
            CampaignId campaign, Caller caller, ClaimResult result) {
        return switch (result) {
            case ClaimResult.Issued(var coupon) ->
                    answer(HttpStatus.CREATED)
                            .location(me(campaign))
                            .body(ClaimBody.won("ISSUED", coupon));
            case ClaimResult.AlreadyIssued(var coupon) ->
                    answer(HttpStatus.OK).body(ClaimBody.won("ALREADY_ISSUED", coupon));
            case ClaimResult.Pending() ->
                    answer(HttpStatus.ACCEPTED)
                            .location(me(campaign))
                            .header("Retry-After", "1")
                            .body(ClaimBody.pending(campaign, caller));
            case ClaimResult.NotOpenYet(var opensAt, var remaining) ->
                    new ProblemException(ProblemCode.NOT_OPEN_YET)
                            .with("opensAt", opensAt)
                            .retryAfter(remaining)
                            .toResponse();
            case ClaimResult.Revoked() -> refuse(ProblemCode.REVOKED);
            case ClaimResult.NoClaim() -> refuse(ProblemCode.NO_CLAIM);
            case ClaimResult.Archived() -> refuse(ProblemCode.ARCHIVED);
            case ClaimResult.Paused() -> refuse(ProblemCode.PAUSED);
            case ClaimResult.Closed() -> refuse(ProblemCode.CLOSED);
            case ClaimResult.SoldOut() -> refuse(ProblemCode.SOLD_OUT);
            case ClaimResult.NotEligible() -> refuse(ProblemCode.NOT_ELIGIBLE);
            case ClaimResult.UnknownCampaign() -> refuse(ProblemCode.UNKNOWN_CAMPAIGN);
            case ClaimResult.Recovering() -> refuse(ProblemCode.RECOVERING);
            case ClaimResult.Overloaded() -> refuse(ProblemCode.OVERLOADED);
            case ClaimResult.Unavailable() -> refuse(ProblemCode.UNAVAILABLE);
        };
    }

    private static ResponseEntity<?> refuse(ProblemCode code) {
        return new ProblemException(code).toResponse();
    }

    /** An answer is its owner's alone: no cache may keep it. */
    private static ResponseEntity.BodyBuilder answer(HttpStatus status) {
        return ResponseEntity.status(status).cacheControl(CacheControl.noStore());
    }

    private static URI me(CampaignId campaign) {
        return URI.create("/api/v1/campaigns/" + campaign.value() + "/claims/me");
    }
}
