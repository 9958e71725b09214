package com.coupon.persistence.port.in;

import com.coupon.persistence.domain.DeadLetter;
import com.coupon.persistence.domain.DeadLetterFilter;
import com.coupon.persistence.domain.DeadLetterResult;
import com.coupon.persistence.domain.RecordContent;
import com.coupon.persistence.domain.ReplayFailedException;
import com.coupon.shared.InvalidValueException;
import java.util.List;
import java.util.Optional;

/** Lets operators see dead letters and decide on them. Thread-safe. */
public interface HandleDeadLetters {

    /**
     * @param after the last id already seen, or 0
     * @param limit how many at most
     * @return by ascending id
     */
    List<DeadLetter> list(DeadLetterFilter filter, long after, int limit);

    /** A letter, and what its record carried. */
    record Inspected(DeadLetter letter, RecordContent content) {}

    /** Shows a letter whole, and notes who has seen it, since it may carry a coupon's code. */
    Optional<Inspected> inspect(long id);

    /**
     * Gives a record to the ledger once more: publishes it again, or has the campaign of one that
     * came too late rebuilt, because the ledger takes it only then. May be repeated. Where the
     * process dies between Kafka's acknowledgement and the note of it, the letter stays open and
     * may be replayed once more: the ledger records a coupon once, however often it is told.
     *
     * @throws ReplayFailedException if Kafka does not acknowledge it; the letter stays open
     * @throws RuntimeException if the database or Redis cannot be reached; asking again is safe
     */
    DeadLetterResult replay(long id);

    /**
     * Decides that a record is not to be recorded. May be repeated; the first reason stays.
     *
     * @throws InvalidValueException if the reason is none
     * @throws RuntimeException if the database cannot be reached; asking again is safe
     */
    DeadLetterResult discard(long id, String reason);
}
