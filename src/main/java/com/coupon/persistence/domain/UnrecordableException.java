package com.coupon.persistence.domain;

/** The ledger refuses something for good. Trying the same again does not help. */
public final class UnrecordableException extends RuntimeException {

    /** Why it is refused. */
    public enum Reason {
        /** It is no coupon at all. */
        UNREADABLE,
        /** Its campaign does not exist, or its serial is void or beyond what there is to issue. */
        REFUSED,
        /** Its serial, member or code is recorded otherwise. */
        CONFLICT,
        /** It is new, and of an epoch of its campaign that is over. */
        LATE
    }

    private final Reason reason;

    public UnrecordableException(Reason reason, Throwable cause) {
        super("The ledger refuses: " + cause.getMessage(), cause);
        this.reason = reason;
    }

    public UnrecordableException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
