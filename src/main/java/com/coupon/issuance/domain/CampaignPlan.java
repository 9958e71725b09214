package com.coupon.issuance.domain;

import com.coupon.shared.Bounds;
import com.coupon.shared.InvalidValueException;

/**
 * What an operator decides about a campaign.
 *
 * @param name 1 to {@value Coupon#MAX_TEXT} characters
 * @param quantity coupons to hand out, 1 to {@value #MAX_QUANTITY}
 */
public record CampaignPlan(
        String name, Coupon coupon, long quantity, ClaimWindow window, Eligibility eligibility) {

    /** Far above any drop, and far below where a double in Lua stops counting exactly. */
    public static final long MAX_QUANTITY = 1_000_000_000;

    /**
     * @throws InvalidValueException if a value is outside its bounds
     */
    public CampaignPlan {
        Bounds.requireText("name", name, Coupon.MAX_TEXT);
        if (quantity < 1 || quantity > MAX_QUANTITY) {
            throw new InvalidValueException("quantity", MAX_QUANTITY);
        }
    }

    CampaignPlan withQuantity(long other) {
        return new CampaignPlan(name, coupon, other, window, eligibility);
    }
}
