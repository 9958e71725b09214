package com.coupon.shared;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The clock of the machine. It decides nothing about claims: that is done by the clock of Redis.
 */
@EveryRole
final class SystemClock implements InstantSource {

    @Override
    public Instant instant() {
        return Instant.now();
    }
}
