package com.coupon.persistence.domain;

import com.coupon.issuance.IssuedCoupon;
import java.util.List;

/**
 * What became of coupons that were to be recorded.
 *
 * @param inserted coupons the ledger did not have
 * @param duplicates deliveries of coupons that it had just so, which is fine
 * @param conflicts coupons whose serial, member or code the ledger has otherwise; an incident for
 *     people to look at
 */
public record Recorded(List<IssuedCoupon> inserted, int duplicates, List<IssuedCoupon> conflicts) {

    public Recorded {
        inserted = List.copyOf(inserted);
        conflicts = List.copyOf(conflicts);
    }
}
