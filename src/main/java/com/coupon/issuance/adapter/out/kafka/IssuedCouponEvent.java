package com.coupon.issuance.adapter.out.kafka;

import com.coupon.issuance.IssuedCoupon;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * An issued coupon as JSON on the topic. Campaign, epoch and serial name the event.
 *
 * @param version of this format; readers refuse one they do not know
 * @param issuedAt milliseconds since 1970, by the clock of Redis
 */
@JsonPropertyOrder({
    "version",
    "campaignId",
    "epoch",
    "serial",
    "memberId",
    "couponCode",
    "issuedAt"
})
record IssuedCouponEvent(
        int version,
        String campaignId,
        long epoch,
        long serial,
        String memberId,
        String couponCode,
        long issuedAt) {

    static final int VERSION = 1;

    static IssuedCouponEvent of(IssuedCoupon coupon) {
        return new IssuedCouponEvent(
                VERSION,
                coupon.campaign().value(),
                coupon.epoch(),
                coupon.serial(),
                coupon.member().value(),
                coupon.code().value(),
                coupon.issuedAt().toEpochMilli());
    }
}
