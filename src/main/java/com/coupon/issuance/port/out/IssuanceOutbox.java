package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.shared.CampaignId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Issued coupons on their way to Kafka. Thread-safe; every method throws {@link
 * IssuanceUnavailableException} where Redis cannot be asked.
 */
public interface IssuanceOutbox {

    /** The campaigns that may have entries. */
    Set<CampaignId> campaigns();

    /**
     * Reserves a campaign's outbox for one sweep, so that not every node sweeps it at once. Only a
     * courtesy: two nodes that publish the same entry do no harm.
     *
     * @return whether this caller may sweep for that long
     */
    boolean lease(CampaignId campaign, Duration duration);

    /**
     * Entries that have been waiting, oldest first.
     *
     * @param after the id of the last entry already seen, or an empty text
     * @param minAge how long they have been waiting at least, by the clock of Redis
     * @param limit how many at most
     */
    List<OutboxEntry> waiting(CampaignId campaign, String after, Duration minAge, int limit);

    /**
     * Removes entries that are known to be in Kafka. One that is gone, or of a home that the
     * campaign has left, is left alone.
     */
    void remove(CampaignId campaign, Collection<OutboxEntry> entries);
}
