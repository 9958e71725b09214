package com.coupon.shared;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What values that people enter must be like; each check throws {@link InvalidValueException}. */
public final class Bounds {

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private Bounds() {}

    /**
     * A line of text: not all blank, without control characters, and without halves of characters,
     * which no encoding can carry.
     *
     * @param maxLength in UTF-16 code units
     */
    public static void requireText(String field, String text, int maxLength) {
        if (text.isBlank()
                || text.length() > maxLength
                || text.codePoints()
                        .anyMatch(c ->
                                Character.isISOControl(c)
                                        || Character.getType(c) == Character.SURROGATE)) {
            throw new InvalidValueException("text", field, maxLength);
        }
    }

    /**
     * Characters from ! to ~, at least one.
     *
     * @param maxLength in characters
     */
    public static void requireVisibleAscii(String field, String text, int maxLength) {
        if (text.isEmpty()
                || text.length() > maxLength
                || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new InvalidValueException("visible-ascii", field, maxLength);
        }
    }

    /** All that the clocks and databases on the way can tell apart. */
    public static void requireInstant(String field, @Nullable Instant instant) {
        if (instant != null && (instant.isBefore(Instant.EPOCH) || instant.isAfter(LATEST))) {
            throw new InvalidValueException("instant", field);
        }
    }
}
