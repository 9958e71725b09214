package com.coupon.issuance.port.in;

/**
 * What members were told, as it is counted per campaign. Answers that there is no such campaign are
 * not counted, because there is nothing to count them for.
 */
public enum ClaimOutcome {
    ISSUED(true),
    ALREADY_ISSUED(true),
    PENDING(true),
    REVOKED(false),
    ARCHIVED(false),
    NOT_OPEN_YET(false),
    PAUSED(false),
    CLOSED(false),
    SOLD_OUT(false),
    NOT_ELIGIBLE(false),
    RECOVERING(false),
    OVERLOADED(false),
    UNAVAILABLE(false);

    private final boolean yes;

    ClaimOutcome(boolean yes) {
        this.yes = yes;
    }

    /** Whether the member did not get a coupon by this answer, for good or for the moment. */
    public boolean isRefusal() {
        return !yes;
    }
}
