package com.coupon.persistence.port.in;

import com.coupon.persistence.domain.QuarantinedRecord;
import java.util.List;

/** Keeps what the ledger could not take. Thread-safe. */
public interface StoreDeadLetters {

    /**
     * Stores all of them in one transaction; what is stored already is left as it is.
     *
     * @throws RuntimeException if the database cannot be reached; then none is stored, and it may
     *     be tried again
     */
    void store(List<QuarantinedRecord> records);
}
