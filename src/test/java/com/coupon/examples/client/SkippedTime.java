package com.coupon.examples.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Where waiting takes no time, though the clock moves. Thread-safe, but of one client. */
class SkippedTime implements Time {

    private final AtomicLong skippedNanos = new AtomicLong();
    private final List<Duration> waits = new CopyOnWriteArrayList<>();

    @Override
    public long nanos() {
        return System.nanoTime() + skippedNanos.get();
    }

    @Override
    public Instant now() {
        return Instant.now().plusNanos(skippedNanos.get());
    }

    @Override
    public void sleep(Duration wait) {
        skippedNanos.addAndGet(wait.toNanos());
        waits.add(wait);
    }

    /** All that were skipped, in their order. */
    List<Duration> waits() {
        return List.copyOf(waits);
    }
}
