package com.coupon.reconciliation.application;

/** A run is to end before it is through: it was cancelled, or it is not this node's any more. */
final class RunEndedException extends RuntimeException {

    RunEndedException(String message) {
        super(message);
    }
}
