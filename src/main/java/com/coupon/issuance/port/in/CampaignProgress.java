package com.coupon.issuance.port.in;

import com.coupon.shared.CampaignId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a campaign is where claims are decided, at one instant.
 *
 * @param state as the campaign has it, without regard to its window
 * @param issued the highest serial so far
 * @param remaining coupons left
 * @param unpublished issued coupons that are not yet known to be in Kafka
 * @param published issued coupons that are known to be in Kafka, or null where they have not been
 *     counted since the campaign was last rebuilt
 * @param oldestUnpublished since when the oldest of them has been waiting, or null where there is
 *     none
 * @param answers what claims were told so far, by all nodes; an outcome that is missing was told to
 *     nobody
 * @param lately how much of it in the latest {@code window}
 * @param readAt the clock of Redis when it was looked at
 */
public record CampaignProgress(
        CampaignId campaign,
        String state,
        long quantity,
        long returned,
        long issued,
        long remaining,
        long unpublished,
        @Nullable Long published,
        @Nullable Instant oldestUnpublished,
        Map<ClaimOutcome, Long> answers,
        Map<ClaimOutcome, Long> lately,
        Duration window,
        Instant readAt) {

    public CampaignProgress {
        answers = Map.copyOf(answers);
        lately = Map.copyOf(lately);
    }
}
