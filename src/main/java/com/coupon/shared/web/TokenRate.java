package com.coupon.shared.web;

import java.time.Duration;

/**
 * How fast tokens flow back, and how many there are at most. A bucket is one number, the moment at
 * which it is full again: a token moves it by an interval, and there is none where that would lead
 * too far ahead. That is the generic cell rate algorithm (ITU-T I.371, virtual scheduling), which
 * lets in what a bucket does whose tokens flow back evenly.
 *
 * @param capacity tokens of a full bucket
 * @param interval in which one flows back, in ns
 */
record TokenRate(long capacity, long interval) {

    /** What is said where there is no token. */
    static final long NONE = -1;

    /**
     * @param refill tokens that flow back in each period, evenly
     */
    static TokenRate of(long capacity, long refill, Duration period) {
        return new TokenRate(capacity, Math.max(1, period.toNanos() / refill));
    }

    /** How long an empty bucket takes to be full, in ns. */
    long window() {
        return Math.multiplyExact(capacity, interval);
    }

    /** When it is full after a token was taken now, or {@link #NONE}. */
    long take(long fullAt, long now) {
        long later = Math.max(fullAt, now) + interval;
        return later - now > window() ? NONE : later;
    }

    /** Tokens that are left. */
    long left(long fullAt, long now) {
        return (window() - Math.max(0, fullAt - now)) / interval;
    }

    /** When the next token is there, from now on, in ns. */
    long untilNext(long fullAt, long now) {
        return Math.max(0, fullAt + interval - window() - now);
    }

    /** When a bucket is full that has a single token now. */
    long scarce(long now) {
        return now + window() - interval;
    }
}
