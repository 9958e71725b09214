package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.OutboxEntry;
import java.util.List;

/** Tells the ledger of issued coupons. Thread-safe. */
public interface IssuancePublisher {

    /**
     * Publishes and waits, within the configured delivery time-out, until it is known what arrived.
     *
     * @return the entries known to be stored on the broker; of the others nothing is known, and
     *     they are published again
     */
    List<OutboxEntry> publish(List<OutboxEntry> entries);
}
