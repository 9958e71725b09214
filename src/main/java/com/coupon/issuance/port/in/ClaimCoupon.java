package com.coupon.issuance.port.in;

import com.coupon.issuance.domain.ClaimResult;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.concurrent.CompletableFuture;

/** Claims a coupon for a member. Thread-safe. */
public interface ClaimCoupon {

    /**
     * Decides the claim, or tells what was decided before; repeating it is always safe.
     *
     * @return completes with the answer, never exceptionally; whoever waits sets a bound, after
     *     which the outcome is unknown
     */
    CompletableFuture<ClaimResult> claim(CampaignId campaign, MemberId member);

    /**
     * Tells what the member has won, without deciding anything.
     *
     * @return as {@link #claim}, with {@link ClaimResult.NoClaim} where nothing was won
     */
    CompletableFuture<ClaimResult> find(CampaignId campaign, MemberId member);
}
