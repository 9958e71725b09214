package com.coupon.issuance.domain;

/** What became of an upload of an allow-list. */
public sealed interface AllowListResult {

    /**
     * In force now.
     *
     * @param members how many are on it
     * @param duplicates how many were named again
     */
    record Replaced(long members, long duplicates) implements AllowListResult {}

    record UnknownCampaign() implements AllowListResult {}

    /** As many lists are being uploaded as this process takes at once. */
    record TooManyUploads() implements AllowListResult {}

    /** Everybody may claim in this campaign. */
    record ForEveryone() implements AllowListResult {}

    /** There was nobody on it, which nobody can have meant. */
    record Empty() implements AllowListResult {}

    /**
     * There were too many on it.
     *
     * @param maxMembers how many there may be
     */
    record TooLarge(long maxMembers) implements AllowListResult {}
}
