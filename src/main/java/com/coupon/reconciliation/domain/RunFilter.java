package com.coupon.reconciliation.domain;

import com.coupon.shared.CampaignId;
import org.jspecify.annotations.Nullable;

/** Which runs are meant; null is any. */
public record RunFilter(@Nullable CampaignId campaign, Run.@Nullable Status status) {}
