package com.coupon.issuance.application;

import com.coupon.issuance.application.RememberedWinners.Fingerprints;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Who was told of a coupon lately, in a fixed 512 KB. It is a hint and no more: some are forgotten
 * when others come. Thread-safe.
 */
final class RecentWinners {

    /** A power of two. */
    private static final int PLACES = 1 << 16;

    private final AtomicLongArray fingerprints = new AtomicLongArray(PLACES);

    void add(CampaignId campaign, MemberId member) {
        long fingerprint = of(campaign, member);
        fingerprints.lazySet((int) fingerprint & (PLACES - 1), fingerprint);
    }

    boolean has(CampaignId campaign, MemberId member) {
        long fingerprint = of(campaign, member);
        return fingerprints.getOpaque((int) fingerprint & (PLACES - 1)) == fingerprint;
    }

    private static long of(CampaignId campaign, MemberId member) {
        return Fingerprints.of(member) + campaign.hashCode() * 0x9E3779B97F4A7C15L;
    }
}
