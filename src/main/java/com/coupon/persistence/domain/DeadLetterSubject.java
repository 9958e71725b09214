package com.coupon.persistence.domain;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.shared.Bounds;
import com.coupon.shared.CampaignId;
import com.coupon.shared.InvalidValueException;
import com.coupon.shared.MemberId;
import org.jspecify.annotations.Nullable;

/**
 * What a record that could not be recorded is about, as far as that can be read.
 *
 * @param coupon the whole event, where it can be read
 */
public record DeadLetterSubject(
        @Nullable CampaignId campaign,
        @Nullable MemberId member,
        @Nullable Long serial,
        @Nullable Long epoch,
        @Nullable IssuedCoupon coupon) {

    /** Nothing can be read. */
    public static final DeadLetterSubject UNKNOWN =
            new DeadLetterSubject(null, null, null, null, null);

    /** What is out of its bounds counts as not readable. */
    public DeadLetterSubject {
        serial = serial == null || serial < 1 ? null : serial;
        epoch = epoch == null || epoch < 1 ? null : epoch;
    }

    /** Of an event that can be read. */
    public static DeadLetterSubject of(IssuedCoupon coupon) {
        return new DeadLetterSubject(
                coupon.campaign(),
                coupon.member(),
                coupon.serial(),
                coupon.epoch(),
                hasATime(coupon) ? coupon : null);
    }

    private static boolean hasATime(IssuedCoupon coupon) {
        try {
            Bounds.requireInstant("issuedAt", coupon.issuedAt());
            return true;
        } catch (InvalidValueException e) {
            return false;
        }
    }
}
