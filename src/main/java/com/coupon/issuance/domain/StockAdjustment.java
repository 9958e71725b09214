package com.coupon.issuance.domain;

import com.coupon.shared.Bounds;
import com.coupon.shared.CampaignId;
import com.coupon.shared.InvalidValueException;

/**
 * More coupons, or fewer.
 *
 * @param key names the request, 1 to {@value #MAX_KEY} visible ASCII characters; sent twice it is
 *     one adjustment
 * @param delta coupons to add, below 0 to take away; not 0
 * @param reason for people, 1 to {@value Coupon#MAX_TEXT} characters
 */
public record StockAdjustment(CampaignId campaign, String key, long delta, String reason) {

    public static final int MAX_KEY = 128;

    /**
     * @throws InvalidValueException if a value is outside its bounds
     */
    public StockAdjustment {
        Bounds.requireVisibleAscii("Idempotency-Key", key, MAX_KEY);
        Bounds.requireText("reason", reason, Coupon.MAX_TEXT);
        if (delta == 0 || delta > CampaignPlan.MAX_QUANTITY || delta < -CampaignPlan.MAX_QUANTITY) {
            throw new InvalidValueException("delta", CampaignPlan.MAX_QUANTITY);
        }
    }
}
