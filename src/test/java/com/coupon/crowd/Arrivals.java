package com.coupon.crowd;

import java.time.Duration;

/**
 * When the members of a crowd come: ever more of them while the word spreads, the most after a
 * quarter of the time, and then ever fewer. This is the triangular distribution, of which each
 * member takes one quantile, so that every run is like the other.
 *
 * @param members 1 or more
 * @param over how long they take to come, 0 for all at once
 */
public record Arrivals(int members, Duration over) {

    private static final double PEAK = 0.25;

    public Arrivals {
        if (members < 1 || over.isNegative()) {
            throw new IllegalArgumentException(
                    "A crowd has members, and takes no negative time to come.");
        }
    }

    /**
     * When a member comes, in nanoseconds since the first moment; never before the one in front.
     *
     * @param number from 1 to the number of members
     */
    long nanos(int number) {
        double share = (number - 0.5) / members;
        double time =
                share < PEAK ? Math.sqrt(share * PEAK) : 1 - Math.sqrt((1 - share) * (1 - PEAK));
        return (long) (time * over.toNanos());
    }
}
