package com.coupon.issuance.domain;

import com.coupon.shared.InvalidValueException;

/** What texts that people enter must be like. */
final class Texts {

    private Texts() {}

    static void requireShort(String field, String text, int maxLength) {
        if (text.isBlank()
                || text.length() > maxLength
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException(
                    field
                            + " is 1 to "
                            + maxLength
                            + " characters, not all blank, without control characters.");
        }
    }
}
