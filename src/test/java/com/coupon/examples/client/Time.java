package com.coupon.examples.client;

import java.time.Duration;
import java.time.Instant;

/** Clocks and waiting, so that a test can do without either. Thread-safe. */
public interface Time {

    /** The one of this machine. */
    Time SYSTEM =
            new Time() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public Instant now() {
                    return Instant.now();
                }

                @Override
                public void sleep(Duration wait) throws InterruptedException {
                    Thread.sleep(wait);
                }
            };

    /** Of which only differences mean anything, in ns; it never goes back. */
    long nanos();

    /** By the wall clock. */
    Instant now();

    void sleep(Duration wait) throws InterruptedException;
}
