package com.coupon.issuance.domain;

import com.coupon.issuance.IssuedCoupon;
import java.time.Duration;
import java.time.Instant;

/**
 * What became of a claim, in order of precedence: what was won before is told before what is left.
 */
public sealed interface ClaimResult {

    /**
     * The campaign's data in Redis is damaged or missing; nothing is decided until it has been
     * mended.
     */
    record Recovering() implements ClaimResult {}

    /** There is no such campaign, or it is still a draft. */
    record UnknownCampaign() implements ClaimResult {}

    /** The member won before; the same coupon again. */
    record AlreadyIssued(IssuedCoupon coupon) implements ClaimResult {}

    /** The member won before, and the coupon was taken back. */
    record Revoked() implements ClaimResult {}

    /** Only when asked what was won before: nothing was. */
    record NoClaim() implements ClaimResult {}

    record Archived() implements ClaimResult {}

    /**
     * @param remaining how long until it opens, by the clock of Redis, more than zero
     */
    record NotOpenYet(Instant opensAt, Duration remaining) implements ClaimResult {}

    record Paused() implements ClaimResult {}

    record Closed() implements ClaimResult {}

    record SoldOut() implements ClaimResult {}

    record NotEligible() implements ClaimResult {}

    record Issued(IssuedCoupon coupon) implements ClaimResult {}

    /**
     * Decided in the member's favour, but not yet known to be replicated, so it promises nothing:
     * asking again tells.
     */
    record Pending() implements ClaimResult {}

    /**
     * Refused unheard because the node has more to do than it can finish in time; nothing was
     * decided.
     */
    record Overloaded() implements ClaimResult {}

    /**
     * Redis gave no answer, or none that can be relied on yet. What became of the claim may be
     * unknown; asking again is safe and tells.
     */
    record Unavailable() implements ClaimResult {}
}
