package com.coupon.persistence.port.in;

import com.coupon.persistence.domain.Revocation;
import com.coupon.persistence.domain.RevocationResult;

/** Takes coupons back from their winners. Thread-safe. */
public interface RevokeIssuances {

    /**
     * Takes a coupon back: first where claims are answered, then in the ledger, and only then may
     * another be issued in its place. May be repeated; what is cut short is carried on with by
     * {@link #carryOn}.
     *
     * @throws RuntimeException if Redis or the database cannot be reached; asking again is safe
     */
    RevocationResult revoke(Revocation revocation);

    /** Completes what was cut short. */
    void carryOn();
}
