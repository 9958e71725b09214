package com.coupon.persistence.domain;

import com.coupon.shared.Bounds;
import com.coupon.shared.CampaignId;
import com.coupon.shared.InvalidValueException;

/**
 * A coupon that is taken back from its winner.
 *
 * @param reason for people, 1 to {@value #MAX_REASON} characters, not all blank, without control
 *     characters
 * @param returnToStock whether another coupon may be issued in its place, under a new serial
 */
public record Revocation(CampaignId campaign, long serial, String reason, boolean returnToStock) {

    public static final int MAX_REASON = 200;

    /**
     * @throws InvalidValueException if a value is outside its bounds
     */
    public Revocation {
        if (serial < 1) {
            throw new InvalidValueException("serial");
        }
        Bounds.requireText("reason", reason, MAX_REASON);
    }
}
