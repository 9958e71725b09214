package com.coupon.persistence.adapter.in.kafka;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The event of an issued coupon as it is read. It is declared apart from the one that is written,
 * because the two meet only on the topic and may be of different releases. Fields that are not
 * known are ignored.
 *
 * @param version 1; another one is refused
 * @param issuedAt milliseconds since 1970
 */
record IssuedCouponMessage(
        @Nullable Integer version,
        @Nullable String campaignId,
        @Nullable Long epoch,
        @Nullable Long serial,
        @Nullable String memberId,
        @Nullable String couponCode,
        @Nullable Long issuedAt) {

    private static final int VERSION = 1;

    /**
     * @param value of a record of the topic, or null where it has none
     * @throws RuntimeException if it is no issued coupon
     */
    static IssuedCoupon read(JsonMapper json, byte @Nullable [] value) {
        IssuedCouponMessage message =
                value == null ? null : json.readValue(value, IssuedCouponMessage.class);
        if (message == null) {
            throw new IllegalArgumentException("The record has no value.");
        }
        return message.toCoupon();
    }

    /**
     * @throws IllegalArgumentException if it is of another version, or a field is missing or
     *     malformed
     */
    IssuedCoupon toCoupon() {
        if (version == null || version != VERSION) {
            throw new IllegalArgumentException(
                    "Version " + version + " of the event is not known here.");
        }
        return new IssuedCoupon(
                new CampaignId(present("campaignId", campaignId)),
                new MemberId(present("memberId", memberId)),
                present("serial", serial),
                new CouponCode(present("couponCode", couponCode)),
                Instant.ofEpochMilli(present("issuedAt", issuedAt)),
                present("epoch", epoch));
    }

    private static <T> T present(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing.");
        }
        return value;
    }
}
