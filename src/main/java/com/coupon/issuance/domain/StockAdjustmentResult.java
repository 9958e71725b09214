package com.coupon.issuance.domain;

/** What became of an adjustment of stock. */
public sealed interface StockAdjustmentResult {

    /**
     * Done, now or by an earlier request with the same key.
     *
     * @param quantity of the campaign after it
     * @param version of the campaign after it
     */
    record Adjusted(StockAdjustment adjustment, long quantity, long version)
            implements StockAdjustmentResult {}

    record UnknownCampaign() implements StockAdjustmentResult {}

    /** The key was used for another adjustment of this campaign. */
    record KeyReused() implements StockAdjustmentResult {}

    /** A request with the same key is being carried out at this moment. */
    record KeyInFlight() implements StockAdjustmentResult {}

    /** There would be fewer coupons than are issued; nothing has changed. */
    record BelowIssued() implements StockAdjustmentResult {}
}
