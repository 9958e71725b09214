package com.coupon.issuance.spi;

import com.coupon.shared.CampaignId;

/** How far the ledger has come. Thread-safe. */
public interface LedgerProgress {

    /**
     * How many serials of a campaign it knows the end of: coupons it has recorded, those that were
     * revoked among them, and serials that are void.
     *
     * @throws RuntimeException if the ledger cannot be asked, or counting takes more than 5 seconds
     */
    long recorded(CampaignId campaign);
}
