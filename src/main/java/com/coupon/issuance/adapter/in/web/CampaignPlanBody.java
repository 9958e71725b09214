package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.domain.CampaignPlan;
import com.coupon.issuance.domain.ClaimWindow;
import com.coupon.issuance.domain.Coupon;
import com.coupon.issuance.domain.Eligibility;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What of a campaign its operator decides.
 *
 * @param opensAt where it is left out, the campaign takes claims as soon as it is opened
 * @param closesAt where it is left out, the campaign closes only by hand
 * @param eligibility everyone, where it is left out
 */
record CampaignPlanBody(
        @NotNull String name,
        @NotNull Long quantity,
        @Nullable Instant opensAt,
        @Nullable Instant closesAt,
        @NotNull @Valid CouponBody coupon,
        @Nullable Eligibility eligibility) {

    /** The benefit a campaign hands out. */
    record CouponBody(
            @NotNull String title, @NotNull String discount, @Nullable Instant validUntil) {

        static CouponBody of(Coupon coupon) {
            return new CouponBody(coupon.title(), coupon.discount(), coupon.validUntil());
        }
    }

    static CampaignPlanBody of(CampaignPlan plan) {
        return new CampaignPlanBody(
                plan.name(),
                plan.quantity(),
                plan.window().opensAt(),
                plan.window().closesAt(),
                CouponBody.of(plan.coupon()),
                plan.eligibility());
    }

    CampaignPlan toPlan() {
        return new CampaignPlan(
                name,
                new Coupon(coupon.title, coupon.discount, toMillis(coupon.validUntil)),
                quantity,
                new ClaimWindow(
                        milliseconds(opensAt == null ? Instant.now() : opensAt),
                        toMillis(closesAt)),
                eligibility == null ? Eligibility.EVERYONE : eligibility);
    }

    private static @Nullable Instant toMillis(@Nullable Instant instant) {
        return instant == null ? null : milliseconds(instant);
    }

    /** Redis counts in milliseconds, and both sides must mean the same instant. */
    private static Instant milliseconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }
}
