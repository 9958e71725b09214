package com.coupon.persistence.port.out;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.persistence.domain.DeadLetter;
import com.coupon.persistence.domain.DeadLetterFilter;
import com.coupon.persistence.domain.QuarantinedRecord;
import com.coupon.persistence.domain.RecordContent;
import com.coupon.shared.CampaignId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Records the ledger could not take. They are never deleted, and each is decided on once. Every
 * decision is in the audit log by the transaction that makes it. Thread-safe.
 */
public interface DeadLetters {

    /** Adds those that are not there yet, all or none. */
    void add(List<QuarantinedRecord> records);

    Optional<DeadLetter> find(long id);

    /** What the record of a letter carried. */
    RecordContent content(DeadLetter letter);

    /** Notes that somebody has seen what it carried. */
    void noteInspection(DeadLetter letter);

    /** By ascending id, after the one given. */
    List<DeadLetter> page(DeadLetterFilter filter, long after, int limit);

    /**
     * Marks a letter as replayed, unless it is decided on already.
     *
     * @param first what happens before, while nobody else can decide on the letter; where it fails,
     *     the letter stays open
     * @return the letter as it is now, or nothing where there is none
     * @throws RuntimeException also if somebody else has been deciding on it for more than a few
     *     seconds
     */
    Optional<DeadLetter> replay(long id, Consumer<DeadLetter> first);

    /**
     * Notes that a letter is to be replayed by a rebuild, unless it is decided on already; it stays
     * open until then.
     *
     * @param first as above
     * @return as above
     */
    Optional<DeadLetter> requestReplay(long id, Consumer<DeadLetter> first);

    /**
     * Marks a letter as discarded, unless it is decided on already.
     *
     * @return as above
     */
    Optional<DeadLetter> discard(long id, String reason);

    /** A letter that is open and whose event can be read. */
    record OpenLetter(long id, IssuedCoupon coupon) {}

    /**
     * Letters of a campaign that nobody has decided on and whose event can be read, by ascending
     * id.
     *
     * @param after the last id already seen, or 0
     * @param limit how many at most
     */
    List<OpenLetter> open(CampaignId campaign, long after, int limit);

    /**
     * Marks letters as replayed whose coupons are recorded by now; those that are decided on
     * already stay as they are. In the caller's transaction where there is one.
     */
    void markReplayed(Collection<Long> ids);

    /** How many nobody has decided on; it gives up where that takes more than a few seconds. */
    long countOpen();
}
