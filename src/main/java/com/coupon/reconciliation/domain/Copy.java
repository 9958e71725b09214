package com.coupon.reconciliation.domain;

import com.coupon.issuance.IssuedCoupon;

/** A coupon as one of the two sides has it. */
public record Copy(IssuedCoupon coupon, Status status) {

    /** What has become of a coupon. */
    public enum Status {
        ISSUED,
        /** It is being taken back, so that the other side may have it either way. */
        REVOKING,
        REVOKED
    }

    public long serial() {
        return coupon.serial();
    }

    /**
     * Whether both are of the same coupon. The epoch may differ: the ledger may have recorded it in
     * a later one than it was decided in.
     */
    public boolean isSameCouponAs(Copy other) {
        return coupon.serial() == other.coupon.serial()
                && coupon.member().equals(other.coupon.member())
                && coupon.code().equals(other.coupon.code());
    }

    /** Whether both may be true at one time. */
    public boolean hasStatusLike(Copy other) {
        return status == other.status
                || status == Status.REVOKING
                || other.status == Status.REVOKING;
    }
}
