package com.coupon.issuance.spi;

import com.coupon.shared.CampaignId;

/** How far the ledger has come. Thread-safe. */
public interface LedgerProgress {

    /** How many coupons of a campaign it has recorded, those that were revoked among them. */
    long recorded(CampaignId campaign);
}
