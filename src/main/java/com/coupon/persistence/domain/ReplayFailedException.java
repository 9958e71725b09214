package com.coupon.persistence.domain;

/**
 * Kafka did not acknowledge a record that was to be replayed. It may have it all the same; asking
 * again is safe.
 */
public final class ReplayFailedException extends RuntimeException {

    public ReplayFailedException(Throwable cause) {
        super("Kafka did not acknowledge a replay.", cause);
    }
}
