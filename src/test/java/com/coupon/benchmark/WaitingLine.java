package com.coupon.benchmark;

/** Arrivals that found nobody free, oldest first, and no more of them than there is room for. */
final class WaitingLine {

    private final long[] times;
    private int first;
    private int size;

    WaitingLine(int capacity) {
        this.times = new long[capacity];
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Whether there was room. */
    boolean add(long time) {
        if (size == times.length) {
            return false;
        }
        times[(first + size) % times.length] = time;
        size++;
        return true;
    }

    /** When the oldest arrived; there is one. */
    long oldest() {
        return times[first];
    }

    /** Lets the oldest go; there is one. */
    long take() {
        long time = times[first];
        first = (first + 1) % times.length;
        size--;
        return time;
    }
}
