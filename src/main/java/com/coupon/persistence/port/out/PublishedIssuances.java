package com.coupon.persistence.port.out;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.shared.CampaignId;
import java.util.List;
import java.util.function.Consumer;

/** Issued coupons that were published, whether or not the ledger has got to them. Thread-safe. */
public interface PublishedIssuances {

    /**
     * Hands on every coupon of the campaign that was published before this call, but for those that
     * the ledger is known to be done with. It may hand on more than that, and does not keep others
     * from reading the same. What is no coupon is left out.
     *
     * @param batch takes them, bit by bit and at most a few thousand at a time; what it throws ends
     *     the reading
     * @throws RuntimeException if they cannot be read, or not within the time configured for it
     */
    void unconfirmed(CampaignId campaign, Consumer<List<IssuedCoupon>> batch);
}
