package com.coupon.reconciliation.domain;

/** What became of the wish to have two sides compared. */
public sealed interface RunRequestResult {

    /** It will be done, once those that were asked for before are. */
    record Queued(Run run) implements RunRequestResult {}

    /** There is one of this campaign that is not over. */
    record AlreadyRunning(Run run) implements RunRequestResult {}

    /** So many are queued that no more are taken. */
    record TooMany() implements RunRequestResult {}

    /** There is no such campaign. */
    record UnknownCampaign() implements RunRequestResult {}

    /** The campaign has no winners yet, or has forgotten them. */
    record NothingToCompare() implements RunRequestResult {}
}
