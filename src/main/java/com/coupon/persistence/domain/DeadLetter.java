package com.coupon.persistence.domain;

import com.coupon.persistence.domain.UnrecordableException.Reason;
import com.coupon.shared.Bounds;
import com.coupon.shared.CampaignId;
import com.coupon.shared.InvalidValueException;
import com.coupon.shared.MemberId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record the ledger could not take, which waits for a person or was decided on by one.
 *
 * @param id rises in the order in which they were stored
 * @param reason why it was refused, or null where nobody said
 * @param cause the same for people
 * @param valueBytes how long the record's value is, or null where nobody knows
 * @param whole whether all of the value is kept here
 * @param storedAt by the clock of the database
 * @param decision null as long as it is {@link Status#OPEN}
 */
public record DeadLetter(
        long id,
        RecordOrigin origin,
        @Nullable Reason reason,
        @Nullable String cause,
        @Nullable CampaignId campaign,
        @Nullable MemberId member,
        @Nullable Long serial,
        @Nullable Long epoch,
        @Nullable Integer valueBytes,
        boolean whole,
        Status status,
        Instant storedAt,
        @Nullable Decision decision) {

    /** What has become of it. */
    public enum Status {
        /** Nobody has decided on it. */
        OPEN,
        /** It was given to the ledger once more. Refused again, it is another letter. */
        REPLAYED,
        /** It is not to be recorded. */
        DISCARDED
    }

    /**
     * What was decided.
     *
     * @param by the operator, or the service itself
     * @param reason of a discard, for people
     */
    public record Decision(Instant at, String by, @Nullable String reason) {}

    public static final int MAX_REASON = 200;

    /**
     * @throws InvalidValueException if it cannot be the reason of a discard: 1 to {@value
     *     #MAX_REASON} characters, not all blank, without control characters
     */
    public static void requireReason(String reason) {
        Bounds.requireText("reason", reason, MAX_REASON);
    }
}
