package com.coupon.issuance.port.out;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.IssuanceUnavailableException;

/** The winners of campaigns, where claims are answered. Thread-safe. */
public interface Participants {

    /**
     * Takes a coupon back from its winner, who from now on hears that it was revoked, and waits
     * until the replicas have it. It is done only when no node can show the coupon from memory. A
     * winner who has been lost is restored as one whose coupon was revoked; of an archived campaign
     * that has forgotten its winners there is nothing to take. May be repeated.
     *
     * @return false where the member holds another coupon of the campaign; then nothing changes
     * @throws IssuanceUnavailableException if Redis cannot be asked, its data is damaged, or its
     *     replicas do not follow
     */
    boolean revoke(IssuedCoupon coupon);
}
