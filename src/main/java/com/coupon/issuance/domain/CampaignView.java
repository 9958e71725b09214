package com.coupon.issuance.domain;

import com.coupon.shared.CampaignId;
import java.time.Instant;

/**
 * A campaign as the public sees it at one instant.
 *
 * @param state never {@link CampaignState#DRAFT}
 * @param issued the highest serial so far; together with epoch and generation it names this state
 *     of the campaign
 * @param generation rises with every change of stock or state
 * @param now the clock of Redis when it was looked at
 */
public record CampaignView(
        CampaignId id,
        String name,
        CampaignState state,
        long quantity,
        long remaining,
        ClaimWindow window,
        long issued,
        long generation,
        long epoch,
        Instant now) {}
