package com.coupon.issuance;

import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.time.Instant;

/**
 * One coupon, won by one member: the decision, and the event that tells the ledger of it. Campaign,
 * epoch and serial name it.
 *
 * @param serial 1 to the number of coupons there are, in the order of the decisions
 * @param issuedAt when Redis decided, by its clock, to the millisecond
 * @param epoch how often the campaign had been rebuilt in Redis when this was decided, from 1
 */
public record IssuedCoupon(
        CampaignId campaign,
        MemberId member,
        long serial,
        CouponCode code,
        Instant issuedAt,
        long epoch) {

    /**
     * @throws IllegalArgumentException if serial or epoch is below 1
     */
    public IssuedCoupon {
        if (serial < 1 || epoch < 1) {
            throw new IllegalArgumentException("Serials and epochs count from 1.");
        }
    }

    /** The same coupon, recorded in another epoch than it was decided in. */
    public IssuedCoupon withEpoch(long other) {
        return new IssuedCoupon(campaign, member, serial, code, issuedAt, other);
    }
}
