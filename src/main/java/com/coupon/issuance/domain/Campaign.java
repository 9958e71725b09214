package com.coupon.issuance.domain;

import com.coupon.shared.CampaignId;
import com.coupon.shared.InvalidValueException;

/**
 * A campaign as the catalogue has it: the plan, not the count of what has been issued.
 *
 * @param name 1 to {@value Coupon#MAX_TEXT} characters
 * @param quantity coupons to hand out, 1 to {@value #MAX_QUANTITY}
 * @param returned coupons that came back by revocation and may be issued once more under a new
 *     serial
 * @param version rises by one with every change, from 1
 * @param epoch rises by one with every rebuild of the campaign in Redis, from 1
 * @param armed whether its keys were created in Redis; after that only a rebuild may create them
 */
public record Campaign(
        CampaignId id,
        String name,
        Coupon coupon,
        long quantity,
        long returned,
        ClaimWindow window,
        Eligibility eligibility,
        CampaignState state,
        long version,
        long epoch,
        boolean armed) {

    /** Far above any drop, and far below where a double in Lua stops counting exactly. */
    public static final long MAX_QUANTITY = 1_000_000_000;

    /**
     * @throws InvalidValueException if a value is outside its bounds
     */
    public Campaign {
        Bounds.requireText("name", name, Coupon.MAX_TEXT);
        if (quantity < 1 || quantity > MAX_QUANTITY) {
            throw new InvalidValueException("quantity is 1 to " + MAX_QUANTITY + ".");
        }
        if (returned < 0 || version < 1 || epoch < 1) {
            throw new InvalidValueException("returned counts from 0, version and epoch from 1.");
        }
    }

    /** A campaign that has just been thought of. */
    public static Campaign draft(
            CampaignId id,
            String name,
            Coupon coupon,
            long quantity,
            ClaimWindow window,
            Eligibility eligibility) {
        return new Campaign(
                id,
                name,
                coupon,
                quantity,
                0,
                window,
                eligibility,
                CampaignState.DRAFT,
                1,
                1,
                false);
    }

    /**
     * The draft, armed and made public.
     *
     * @throws IllegalTransitionException if it is no draft
     */
    public Campaign published() {
        if (state != CampaignState.DRAFT) {
            throw new IllegalTransitionException(state, CampaignState.PUBLISHED);
        }
        return new Campaign(
                id,
                name,
                coupon,
                quantity,
                returned,
                window,
                eligibility,
                CampaignState.PUBLISHED,
                version + 1,
                epoch,
                true);
    }
}
