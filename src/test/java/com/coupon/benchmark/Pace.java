package com.coupon.benchmark;

/**
 * An even stream of arrivals, which come whether or not those before them were served.
 *
 * @param perSecond how many, more than 0
 */
record Pace(double perSecond) {

    private static final double NANOS = 1e9;

    Pace {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("A pace is more than 0 a second.");
        }
    }

    /** How many have arrived, the first of them at once. */
    long arrivedBy(long elapsedNanos) {
        if (elapsedNanos < 0) {
            return 0;
        }
        long count = (long) (elapsedNanos * (perSecond / NANOS)) + 1;
        // The division above may be off by one arrival; their times say what is true.
        while (count > 0 && at(count - 1) > elapsedNanos) {
            count--;
        }
        while (at(count) <= elapsedNanos) {
            count++;
        }
        return count;
    }

    /**
     * When an arrival comes, in nanoseconds since the start.
     *
     * @param index from 0
     */
    long at(long index) {
        return Math.round(index * (NANOS / perSecond));
    }
}
