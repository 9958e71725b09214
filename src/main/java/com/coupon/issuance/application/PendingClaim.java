package com.coupon.issuance.application;

import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.concurrent.CompletableFuture;

/**
 * A claim that somebody is waiting for.
 *
 * @param arrived by the node's ticker
 */
record PendingClaim(
        CampaignId campaign,
        MemberId member,
        Question question,
        long arrived,
        CompletableFuture<ClaimResult> answer) {

    /** Claims of one group can be answered by one call of the script. */
    record Group(CampaignId campaign, Question question) {}

    Group group() {
        return new Group(campaign, question);
    }
}
