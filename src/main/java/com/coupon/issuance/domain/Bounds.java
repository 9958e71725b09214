package com.coupon.issuance.domain;

import com.coupon.shared.InvalidValueException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What values that people enter must be like. */
final class Bounds {

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private Bounds() {}

    static void requireText(String field, String text, int maxLength) {
        if (text.isBlank()
                || text.length() > maxLength
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException("text", field, maxLength);
        }
    }

    static void requireVisibleAscii(String field, String text, int maxLength) {
        if (text.isEmpty()
                || text.length() > maxLength
                || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new InvalidValueException("visible-ascii", field, maxLength);
        }
    }

    /** All that the clocks and databases on the way can tell apart. */
    static void requireInstant(String field, @Nullable Instant instant) {
        if (instant != null && (instant.isBefore(Instant.EPOCH) || instant.isAfter(LATEST))) {
            throw new InvalidValueException("instant", field);
        }
    }
}
