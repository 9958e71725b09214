package com.coupon.reconciliation.port.in;

import java.time.Duration;

/** Executes runs. Used by one thread of one node at a time, which a lock sees to. */
public interface RunReconciliations {

    /**
     * Ends runs that are said to be running as failed: whoever ran them has lost the lock, or died.
     *
     * @throws RuntimeException if the database cannot be reached
     */
    void endAbandoned();

    /**
     * Asks for a run of each campaign whose last one is longer ago than configured.
     *
     * @throws RuntimeException if the database or Redis cannot be reached
     */
    void queueScheduled();

    /**
     * Executes the run that was asked for first. Whatever happens, the run ends, with its reason
     * where it failed.
     *
     * @return false where none is queued
     * @throws RuntimeException if the database cannot be reached, so that nothing can be begun, or
     *     how it ended cannot be stored
     */
    boolean next(Stop stop);

    /** Tells whether the service is being stopped. */
    @FunctionalInterface
    interface Stop {

        /**
         * Waits.
         *
         * @return true, at once, if the service is being stopped
         */
        boolean within(Duration time);
    }
}
