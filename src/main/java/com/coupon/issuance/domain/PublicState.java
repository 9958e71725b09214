package com.coupon.issuance.domain;

/** Where a campaign is, as the public knows it. */
public enum PublicState {
    /** It opens later. */
    SCHEDULED,
    OPEN,
    /** Stopped for a while. */
    PAUSED,
    /** No more coupons are issued, unless operators move the end of the window. */
    CLOSED,
    /** Over for good. */
    ARCHIVED
}
