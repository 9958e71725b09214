package com.coupon.persistence.domain;

/**
 * The ledger refuses something for good: trying again does not help as long as nothing else
 * changes.
 */
public final class UnrecordableException extends RuntimeException {

    /** Why the ledger refuses. */
    public enum Reason {
        /** It is not the event of an issued coupon, or not one of a version that is known here. */
        UNREADABLE,
        /** Its campaign does not exist, or its serial is void or beyond what there is to issue. */
        REFUSED,
        /** The ledger has another coupon for its serial, its member or its code. */
        CONFLICT,
        /** It is new, and of an epoch of its campaign that is over. */
        LATE
    }

    private final Reason reason;

    /**
     * @param explanation for people; nothing of members and codes, since it is logged
     */
    public UnrecordableException(Reason reason, String explanation) {
        super(explanation);
        this.reason = reason;
    }

    /**
     * @param explanation as above
     */
    public UnrecordableException(Reason reason, String explanation, Throwable cause) {
        super(explanation, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
