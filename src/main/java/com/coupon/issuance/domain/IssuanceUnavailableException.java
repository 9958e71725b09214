package com.coupon.issuance.domain;

/** What was asked needs Redis, and Redis could not tell. Asking again later is safe. */
public final class IssuanceUnavailableException extends RuntimeException {

    private final Reason reason;

    public IssuanceUnavailableException(Reason reason, Throwable cause) {
        super("Redis: " + reason, cause);
        this.reason = reason;
    }

    public IssuanceUnavailableException(Reason reason) {
        super("Redis: " + reason);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** Why Redis could not tell. */
    public enum Reason {
        /** It refused before anything was written. */
        UNDECIDED,
        /** It did not answer, or failed half-way: what was asked may have happened or not. */
        UNKNOWN,
        /** Its data of the campaign is damaged or missing. */
        RECOVERING
    }
}
