package com.coupon.issuance.domain;

/** A campaign was to be archived while some of its coupons are still on their way. */
public final class NotSettledException extends RuntimeException {

    /**
     * @param issued coupons that were issued
     * @param recorded how many of them the ledger has
     * @param unpublished how many of them are not known to be in Kafka
     */
    public NotSettledException(long issued, long recorded, long unpublished) {
        super(
                "%d coupons are issued, %d are recorded in the ledger, %d wait in the outbox."
                        .formatted(issued, recorded, unpublished));
    }
}
