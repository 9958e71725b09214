package com.coupon.crowd;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;

/** How often something happened in each tenth of a second. Not thread-safe. */
final class Timeline {

    private static final long TENTH_NANOS = 100_000_000;
    private static final int FIRST_TENTHS = 600;

    private final long startNanos;
    private final Map<String, long[]> tenths = new HashMap<>();

    /**
     * @param startNanos by the clock of {@link System#nanoTime()}
     */
    Timeline(long startNanos) {
        this.startNanos = startNanos;
    }

    /** Counts what happens now. */
    void add(String what) {
        int tenth = (int) ((System.nanoTime() - startNanos) / TENTH_NANOS);
        long[] counts = tenths.computeIfAbsent(what, name -> new long[FIRST_TENTHS]);
        if (tenth >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(tenth + 1, 2 * counts.length));
            tenths.put(what, counts);
        }
        counts[tenth]++;
    }

    /**
     * Adds what is here to the sums.
     *
     * @param length of all sums, in tenths of a second
     */
    void addTo(SortedMap<String, long[]> sums, int length) {
        tenths.forEach((what, counts) -> {
            long[] sum = sums.computeIfAbsent(what, name -> new long[length]);
            for (int i = 0; i < Math.min(length, counts.length); i++) {
                sum[i] += counts[i];
            }
        });
    }
}
