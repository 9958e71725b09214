package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import com.coupon.shared.web.ProblemCode;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** What a claim is answered over HTTP. */
sealed interface ClaimAnswer {

    /** Yes, or perhaps yes. */
    record Told(HttpStatus status, ClaimBody body) implements ClaimAnswer {

        /** Where the coupon is told of again, and this one for the first time; else null. */
        @Nullable String location() {
            return status == HttpStatus.OK
                    ? null
                    : "/api/v1/campaigns/" + body.campaignId() + "/claims/me";
        }

        /** When to ask again, in seconds; null where it is final. */
        @Nullable String retryAfter() {
            return status == HttpStatus.ACCEPTED ? "1" : null;
        }
    }

    /** No, and nothing else. */
    record Refused(ProblemCode code) implements ClaimAnswer {}

    /**
     * Too early.
     *
     * @param remaining until it opens
     */
    record Early(Instant opensAt, Duration remaining) implements ClaimAnswer {}

    /** What a member hears of a coupon; while it is pending there is nothing to show yet. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ClaimBody(
            String status,
            String campaignId,
            String memberId,
            @Nullable Long serial,
            @Nullable String couponCode,
            @Nullable Instant issuedAt) {

        private static ClaimBody won(String status, IssuedCoupon coupon) {
            return new ClaimBody(
                    status,
                    coupon.campaign().value(),
                    coupon.member().value(),
                    coupon.serial(),
                    coupon.code().value(),
                    coupon.issuedAt());
        }

        private static ClaimBody pending(CampaignId campaign, MemberId member) {
            return new ClaimBody("PENDING", campaign.value(), member.value(), null, null, null);
        }
    }

    static ClaimAnswer of(ClaimResult result, CampaignId campaign, MemberId member) {
        return switch (result) {
            case ClaimResult.Issued(var coupon) ->
                    new Told(HttpStatus.CREATED, ClaimBody.won("ISSUED", coupon));
            case ClaimResult.AlreadyIssued(var coupon) ->
                    new Told(HttpStatus.OK, ClaimBody.won("ALREADY_ISSUED", coupon));
            case ClaimResult.Pending() ->
                    new Told(HttpStatus.ACCEPTED, ClaimBody.pending(campaign, member));
            case ClaimResult.NotOpenYet(var opensAt, var remaining) ->
                    new Early(opensAt, remaining);
            case ClaimResult.Revoked() -> new Refused(ProblemCode.REVOKED);
            case ClaimResult.NoClaim() -> new Refused(ProblemCode.NO_CLAIM);
            case ClaimResult.Archived() -> new Refused(ProblemCode.ARCHIVED);
            case ClaimResult.Paused() -> new Refused(ProblemCode.PAUSED);
            case ClaimResult.Closed() -> new Refused(ProblemCode.CLOSED);
            case ClaimResult.SoldOut() -> new Refused(ProblemCode.SOLD_OUT);
            case ClaimResult.NotEligible() -> new Refused(ProblemCode.NOT_ELIGIBLE);
            case ClaimResult.UnknownCampaign() -> new Refused(ProblemCode.UNKNOWN_CAMPAIGN);
            case ClaimResult.Recovering() -> new Refused(ProblemCode.RECOVERING);
            case ClaimResult.Overloaded() -> new Refused(ProblemCode.OVERLOADED);
            case ClaimResult.Unavailable() -> new Refused(ProblemCode.UNAVAILABLE);
        };
    }
}
