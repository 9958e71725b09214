package com.coupon.persistence.port.in;

import com.coupon.shared.CampaignId;

/** Counts the ledger. Thread-safe. */
public interface CountIssuances {

    /**
     * Counts a campaign's rows, one by one, so it takes the longer the more there are.
     *
     * @throws RuntimeException if the database cannot be reached, or takes more than a few seconds
     */
    IssuanceCount count(CampaignId campaign);

    /**
     * How many rows a campaign has.
     *
     * @param recorded all of them, whatever their status
     * @param revoked those of coupons that were taken back
     * @param voided serials that count as issued and have no row, because what became of them was
     *     lost
     * @param deadLetters records about the campaign that the ledger could not take and nobody has
     *     decided on
     */
    record IssuanceCount(long recorded, long revoked, long voided, long deadLetters) {}
}
