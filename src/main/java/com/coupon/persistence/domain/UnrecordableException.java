package com.coupon.persistence.domain;

/**
 * The ledger refuses something for good: its campaign does not exist, its serial is beyond what
 * there is to issue, or it contradicts what is recorded. Trying again does not help.
 */
public final class UnrecordableException extends RuntimeException {

    public UnrecordableException(Throwable cause) {
        super("The ledger refuses: " + cause.getMessage(), cause);
    }

    public UnrecordableException(String reason) {
        super(reason);
    }
}
