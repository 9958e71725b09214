package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.CampaignId;
import java.util.Collection;

/**
 * Brings campaigns from the catalogue to where claims are decided. Thread-safe; every call may be
 * repeated.
 */
public interface CampaignArming {

    /**
     * Creates what a draft needs in Redis, unless it is there, and waits until the replicas have
     * it.
     *
     * @throws IssuanceUnavailableException if Redis cannot be asked, or its replicas do not follow
     */
    void arm(Campaign draft);

    /**
     * Brings an armed campaign to this version, unless it has it or a newer one, and waits until
     * the replicas have it. Never creates anything.
     *
     * @throws IssuanceUnavailableException if Redis cannot be asked, or its replicas do not follow
     */
    Change change(Campaign campaign);

    /**
     * The same without waiting, for what is repeated anyway.
     *
     * @throws IssuanceUnavailableException if Redis cannot be asked
     */
    Change follow(Campaign campaign);

    /**
     * Makes sure that these campaigns, and all that were named before, are known to exist.
     *
     * @throws IssuanceUnavailableException if Redis cannot be asked
     */
    void announce(Collection<CampaignId> campaigns);

    /** What became of a change. */
    enum Change {
        APPLIED,
        CURRENT,
        /** Refused: there would be fewer coupons than are issued. */
        BELOW_ISSUED,
        /** Refused: the campaign's keys are gone or damaged. */
        ABSENT
    }
}
