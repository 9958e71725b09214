package com.coupon.persistence.domain;

import com.coupon.persistence.domain.UnrecordableException.Reason;
import com.coupon.shared.CampaignId;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are asked for.
 *
 * @param status in which status, or null for any
 * @param campaign of which campaign, or null for all, those included whose campaign cannot be read
 * @param reason refused for which reason, or null for any
 */
public record DeadLetterFilter(
        DeadLetter.@Nullable Status status,
        @Nullable CampaignId campaign,
        @Nullable Reason reason) {}
