package com.coupon.history;

/** What holds of every history. */
public enum Rule {
    /** Who was told of a coupon has it in the ledger: same member, same serial, same code. */
    NO_FALSE_YES,
    /**
     * There are no more rows than coupons, one for each member, serial and code, and only for
     * members who have claimed.
     */
    NEVER_MORE_THAN_THERE_ARE,
    /** Who claims after another one has heard yes has a higher serial. */
    FIRST_COME_FIRST_SERVED,
    /** Nobody is told SOLD_OUT before all coupons are gone, nor anybody who gets one of them. */
    NO_FALSE_NO,
    /** Where enough members claim until they know, every coupon finds somebody or is void. */
    ALL_ARE_HANDED_OUT,
    /** Who asks again hears the same, until the coupon is revoked, and then that. */
    SAME_ANSWER_AGAIN,
    /** Every event that was ever published is in the ledger or among the dead letters. */
    NO_EVENT_IS_LOST
}
