package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.CampaignId;
import java.util.Collection;

/**
 * Brings campaigns from the catalogue to where claims are decided. Thread-safe; every call may be
 * repeated, and throws {@link IssuanceUnavailableException} where Redis cannot be asked, or where
 * replicas that must be waited for do not follow.
 */
public interface CampaignArming {

    /**
     * Creates what a draft needs in Redis, unless it is there, and waits until the replicas have
     * it. Where a campaign of this id is public there, or has issued something, that is damage.
     */
    void arm(Campaign draft);

    /**
     * Brings an armed campaign to this version, unless it has it or a newer one, and waits until
     * the replicas have it. It is made only when no node can answer from memory by what was before.
     * Never creates anything. An archived campaign loses what only claims need, and its winners too
     * once their retention has ended.
     */
    Change change(Campaign campaign);

    /** The same without waiting, for what is repeated anyway. */
    Change follow(Campaign campaign);

    /** Makes sure that these campaigns, and all that were named before, are known to exist. */
    void announce(Collection<CampaignId> campaigns);

    /**
     * What became of a change.
     *
     * @param version the one that is in force now, 0 where there is none
     * @param allowList the number of the allow-list that is in force, 0 where there is none; of a
     *     change that waited for the replicas, they have this one, too
     */
    record Change(Outcome outcome, long version, long allowList) {}

    /** How a change ended. */
    enum Outcome {
        APPLIED,
        /** It was there already, just so. */
        CURRENT,
        /** Refused: what is in force is newer, or of the same version and yet different. */
        OUTRUN,
        /** Refused: there would be fewer coupons than are issued. */
        BELOW_ISSUED,
        /** Refused: the campaign is to be archived and its outbox is not empty. */
        NOT_DRAINED,
        /** Refused: the campaign's keys are gone or damaged. */
        ABSENT
    }
}
