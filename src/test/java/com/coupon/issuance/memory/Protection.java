package com.coupon.issuance.memory;

/**
 * What keeps the guarantees, as the models in memory have it. A test that takes one of them away
 * shows that the others do not make up for it, and that it would be noticed.
 */
public enum Protection {
    /** Winners are told once the replicas have them. */
    GATE,
    /** A server that the campaign was not armed or rebuilt on decides nothing. */
    HOME,
    /** A server that is behind what the asking node has seen decides nothing. */
    WATERMARK,
    /** A rebuild accounts for all serials that anybody is known to have seen. */
    FENCE,
    /** Who has won hears of the same coupon again. */
    ONE_COUPON_EACH,
    /** What is issued is in the outbox by the same step. */
    OUTBOX_ENTRY,
    /** An entry is removed only at the home that it was written or read at. */
    REMOVAL_AT_HOME,
    /** A change of a campaign that is sold out is made once no node can deny it from memory. */
    ANNOUNCEMENT,
    /** The ledger refuses new rows of an epoch that is over. */
    EPOCH,
    /** The ledger has one row for each serial, member and code. */
    UNIQUE
}
