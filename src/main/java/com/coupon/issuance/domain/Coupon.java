package com.coupon.issuance.domain;

import com.coupon.shared.Bounds;
import com.coupon.shared.InvalidValueException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The benefit that a campaign hands out.
 *
 * @param title what it is called, 1 to {@value #MAX_TEXT} characters
 * @param discount what it is worth, in words, 1 to {@value #MAX_TEXT} characters
 * @param validUntil when it can no longer be redeemed, or null for never
 */
public record Coupon(String title, String discount, @Nullable Instant validUntil) {

    public static final int MAX_TEXT = 200;

    /**
     * @throws InvalidValueException if a text is blank or too long, or the instant is out of bounds
     */
    public Coupon {
        Bounds.requireText("coupon.title", title, MAX_TEXT);
        Bounds.requireText("coupon.discount", discount, MAX_TEXT);
        Bounds.requireInstant("coupon.validUntil", validUntil);
    }
}
