package com.coupon.faults;

import java.util.concurrent.locks.LockSupport;

/** Time that has to pass because it is part of a fault or of the habits of a client. */
final class Pause {

    private Pause() {}

    static void millis(long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
