package com.coupon.persistence.application;

import com.coupon.persistence.port.out.DeadLetters;
import com.coupon.shared.ConsumerRole;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * The gauge of dead letters that nobody has decided on. It shows what the last {@link #read} found,
 * and nothing (NaN) before the first and after one that failed, since an old figure would look like
 * a calm one. It comes from the database: the offsets of the topic do not fall when a letter is
 * decided on. {@link #read} is called by one thread.
 */
@ConsumerRole
public final class DeadLetterMeters {

    private final DeadLetters letters;
    private volatile double open = Double.NaN;

    DeadLetterMeters(DeadLetters letters, MeterRegistry meters) {
        this.letters = letters;
        Gauge.builder("coupon.dead.letters", () -> open)
                .description("Records the ledger could not take that nobody has decided on")
                .register(meters);
    }

    /**
     * Counts them.
     *
     * @throws RuntimeException if the database cannot be asked
     */
    public void read() {
        double found = Double.NaN;
        try {
            found = letters.countOpen();
        } finally {
            open = found;
        }
    }
}
