package com.coupon.issuance.domain;

/**
 * Where a campaign is in its life. Whether a published one is open is for the clock of Redis to
 * say.
 */
public enum CampaignState {
    /** Being prepared; unknown to the public. */
    DRAFT,
    /** Issues coupons while its window is open. */
    PUBLISHED,
    /** Stopped for a while; winners are still answered. */
    PAUSED,
    /** Issues no more; winners are still answered. */
    CLOSED,
    /** Over; only winners are still answered, until the retention ends. */
    ARCHIVED
}
