package com.coupon.persistence.port.out;

import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.domain.Revocation;
import com.coupon.shared.CampaignId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Coupons that are taken back, and how far that has come. Thread-safe. */
public interface Revocations {

    /** The coupon as the ledger has it. */
    Optional<Issuance> issuance(CampaignId campaign, long serial);

    /**
     * Notes that a coupon of the ledger is to be taken back, unless it is noted already.
     *
     * @return what is noted now
     */
    Revocation request(Revocation revocation);

    /**
     * Those that are not completed, in the order of campaigns and serials.
     *
     * @param after the last one already seen, or null
     * @param limit how many at most
     */
    List<Revocation> incomplete(@Nullable Revocation after, int limit);

    /**
     * Serials of coupons that are noted to be taken back, whether or not that is completed.
     *
     * @param after the last one that does not matter, or 0
     * @param upTo the last one that does
     */
    Set<Long> noted(CampaignId campaign, long after, long upTo);

    /**
     * Marks a coupon as revoked, once.
     *
     * @param first what happens before in the same transaction, if this call is the one that marks
     *     it
     */
    void complete(Revocation revocation, Runnable first);
}
