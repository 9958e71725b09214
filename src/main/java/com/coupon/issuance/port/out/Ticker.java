package com.coupon.issuance.port.out;

/**
 * The node's own stop-watch, for time-outs and measurements; never for what a campaign decides.
 * Thread-safe.
 */
@FunctionalInterface
public interface Ticker {

    /** Nanoseconds since some moment; only differences mean anything. */
    long nanos();
}
