package com.coupon.persistence.domain;

import com.coupon.issuance.IssuedCoupon;
import java.time.Instant;

/**
 * A row of the ledger.
 *
 * @param recordedAt when it was written, by the clock of the database
 */
public record Issuance(IssuedCoupon coupon, Status status, Instant recordedAt) {

    /** What has become of the coupon since. */
    public enum Status {
        ISSUED,
        REVOKED
    }
}
