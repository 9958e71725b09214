package com.coupon.shared;

/**
 * Names a member, as the identity provider does. It is personal data: it belongs in no log line and
 * no metric.
 *
 * @param value 1 to 128 visible ASCII characters
 */
public record MemberId(String value) {

    private static final int MAX_LENGTH = 128;

    /**
     * @throws InvalidValueException if the value has another form
     */
    public MemberId {
        if (value.isEmpty() || value.length() > MAX_LENGTH || !isVisibleAscii(value)) {
            throw new InvalidValueException("member-id", MAX_LENGTH);
        }
    }

    /** By hand and not by a pattern, because it runs once for every claim. */
    private static boolean isVisibleAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    /** Tells nothing, so that a member cannot end up in a log line by accident. */
    @Override
    public String toString() {
        return "MemberId[…]";
    }
}
