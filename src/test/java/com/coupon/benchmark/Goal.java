package com.coupon.benchmark;

import org.jspecify.annotations.Nullable;

/**
 * A figure that was asked for.
 *
 * @param atLeast whether the figure has to be the bound or more, and not the bound or less
 * @param value null where it could not be measured
 * @param skipped why not, or null
 */
record Goal(
        String what,
        boolean atLeast,
        double bound,
        @Nullable Double value,
        @Nullable String skipped) {

    static Goal atLeast(double bound, String what, double value) {
        return new Goal(what, true, bound, value, null);
    }

    static Goal atMost(double bound, String what, double value) {
        return new Goal(what, false, bound, value, null);
    }

    static Goal skipped(double bound, String what, String why) {
        return new Goal(what, true, bound, null, why);
    }

    boolean isReached() {
        return value != null && (atLeast ? value >= bound : value <= bound);
    }
}
