package com.coupon.issuance.domain;

import com.coupon.shared.Sentence;

/** A campaign was to be archived while some of its coupons are still on their way. */
public final class NotSettledException extends CampaignRefusedException {

    /**
     * @param issued coupons that were issued
     * @param recorded how many of them the ledger has
     * @param unpublished how many of them are not known to be in Kafka
     */
    public NotSettledException(long issued, long recorded, long unpublished) {
        super(new Sentence("not-settled", issued, recorded, unpublished));
    }
}
