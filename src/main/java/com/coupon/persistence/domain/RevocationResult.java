package com.coupon.persistence.domain;

/** What became of a revocation. */
public sealed interface RevocationResult {

    /**
     * Taken back, now or by an earlier request.
     *
     * @param issuance as the ledger has it now
     * @param revocation as it was first asked for
     */
    record Revoked(Issuance issuance, Revocation revocation) implements RevocationResult {}

    record UnknownCampaign() implements RevocationResult {}

    /** The ledger has no such coupon, or not yet. */
    record UnknownIssuance() implements RevocationResult {}

    /** The coupon is being taken back already, but not with the same return to stock. */
    record AskedOtherwise() implements RevocationResult {}

    /**
     * Where claims are answered the member holds another coupon of the campaign, which is for
     * people to look at.
     */
    record Contradiction() implements RevocationResult {}
}
