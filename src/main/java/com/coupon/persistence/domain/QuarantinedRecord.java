package com.coupon.persistence.domain;

import com.coupon.persistence.domain.UnrecordableException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A record from the topic of dead letters.
 *
 * @param origin where it stood when the ledger refused it; where nobody says, where it stands among
 *     the dead letters
 * @param reason null where nobody says
 * @param cause for people, null where nobody says; longer ones are cut at {@value #MAX_CAUSE}
 *     characters
 */
public record QuarantinedRecord(
        RecordOrigin origin,
        RecordContent content,
        @Nullable Reason reason,
        @Nullable String cause,
        DeadLetterSubject subject) {

    public static final int MAX_CAUSE = 1_000;

    public QuarantinedRecord {
        cause = cause == null || cause.isBlank() ? null : line(cause);
    }

    /** A line that a database can store. */
    private static String line(String text) {
        var line = new StringBuilder();
        text.codePoints()
                .limit(MAX_CAUSE)
                .map(c ->
                        Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE
                                ? ' '
                                : c)
                .forEach(line::appendCodePoint);
        return line.toString();
    }
}
