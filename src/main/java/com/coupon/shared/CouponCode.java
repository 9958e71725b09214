package com.coupon.shared;

/**
 * What a winner shows to redeem the coupon: a secret worth money, so it belongs in no log line.
 *
 * @param value 20 lower-case hexadecimal digits (80 bits)
 */
public record CouponCode(String value) {

    private static final int LENGTH = 20;

    /**
     * @throws InvalidValueException if the value has another form
     */
    public CouponCode {
        if (value.length() != LENGTH || !isLowerCaseHex(value)) {
            throw new InvalidValueException("coupon-code");
        }
    }

    /** By hand and not by a pattern, because it runs for every winner there is. */
    private static boolean isLowerCaseHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** Tells nothing, so that a code cannot end up in a log line by accident. */
    @Override
    public String toString() {
        return "CouponCode[…]";
    }
}
