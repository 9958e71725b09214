package com.coupon.persistence.port.out;

import com.coupon.persistence.domain.RecordContent;
import com.coupon.persistence.domain.ReplayFailedException;

/** The topic the ledger is fed from. Thread-safe. */
public interface LedgerTopic {

    /**
     * Publishes a record as it once was, and waits for the acknowledgement of all replicas.
     *
     * @throws ReplayFailedException if it is not acknowledged in time; it may be there all the same
     */
    void publish(RecordContent record);
}
