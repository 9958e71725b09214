package com.coupon.shared;

import java.util.regex.Pattern;

/**
 * What a winner shows to redeem the coupon: a secret worth money, so it belongs in no log line.
 *
 * @param value 20 lower-case hexadecimal digits (80 bits)
 */
public record CouponCode(String value) {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{20}");

    /**
     * @throws InvalidValueException if the value has another form
     */
    public CouponCode {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValueException("coupon-code");
        }
    }

    /** Tells nothing, so that a code cannot end up in a log line by accident. */
    @Override
    public String toString() {
        return "CouponCode[…]";
    }
}
