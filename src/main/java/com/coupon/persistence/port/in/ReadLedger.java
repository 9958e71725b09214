package com.coupon.persistence.port.in;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Shows the ledger to whoever compares it with what Redis has. Thread-safe; every method throws a
 * {@link RuntimeException} if the database cannot be reached.
 */
public interface ReadLedger {

    /**
     * Every row of a campaign, in no particular order, as the ledger was at one instant. There is
     * never more than a page of them in memory.
     *
     * @param rows is called for each in a transaction that writes nothing; what it throws ends the
     *     reading
     */
    void stream(CampaignId campaign, Consumer<Row> rows);

    /**
     * Rows by ascending serial.
     *
     * @param after the last serial already seen
     * @param upTo the last serial that is of interest
     * @param limit how many at most
     */
    List<Row> rows(CampaignId campaign, long after, long upTo, int limit);

    /** Rows that have one of the serials or one of the members, each once. */
    List<Row> rowsOf(CampaignId campaign, Collection<Long> serials, Collection<MemberId> members);

    /** Those of the serials that are void. */
    Set<Long> voided(CampaignId campaign, Collection<Long> serials);

    /** How many serials are void. */
    long countVoided(CampaignId campaign);

    /**
     * Dead letters about one of the serials that nobody has decided on.
     *
     * @return the id of the latest of each serial that has one
     */
    Map<Long, Long> openLetters(CampaignId campaign, Collection<Long> serials);

    /**
     * A row.
     *
     * @param revoking whether it is being taken back, so that Redis may have it either way
     */
    record Row(IssuedCoupon coupon, boolean revoked, boolean revoking) {}
}
