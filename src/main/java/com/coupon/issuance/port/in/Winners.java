package com.coupon.issuance.port.in;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.IssuanceUnavailableException;

/** Winners, where claims are answered. Thread-safe. */
public interface Winners {

    /**
     * Takes a coupon back: whoever won it hears from now on that it was revoked. May be repeated.
     *
     * @param coupon as the ledger has it
     * @return as soon as claims are answered by it, on each replica that is waited for; false where
     *     the member holds another coupon of the campaign, which is an incident for people to look
     *     at, and nothing changes
     * @throws IssuanceUnavailableException if Redis cannot be asked, or its data is damaged
     */
    boolean revoke(IssuedCoupon coupon);
}
