package com.coupon.reconciliation.application;

import com.coupon.reconciliation.domain.Run.Mode;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code coupon.reconciliation}: how Redis and the ledger are compared.
 *
 * @param scheduled whether runs begin by themselves, besides those that operators ask for
 * @param every how long after the last run of a campaign the next one begins by itself
 * @param scheduledMode what runs that begin by themselves do about what they find
 * @param gracePeriod how long a difference has to last to be a finding; what is decided and not yet
 *     in the ledger is on its way for about that long at most
 * @param pollInterval how long after one look for runs that were asked for the next one follows
 * @param page how many coupons are asked for at once
 * @param maxFindings how many findings a run keeps; where there are more it says so, and another
 *     run is needed after the repair
 * @param repairsPerSecond how many repairs are made per second at most
 * @param maxQueued how many runs can be queued
 * @param countInterval how long after one count of what was issued, published and recorded the next
 *     one follows
 * @param countedCampaigns how many campaigns are counted for the metrics
 * @param lockAtMost how long after the death of a node another one begins to run reconciliations
 */
@ConfigurationProperties("coupon.reconciliation")
@Validated
public record ReconciliationProperties(
        @DefaultValue("true") boolean scheduled,
        @DefaultValue("1h") @DurationMin(minutes = 1) @DurationMax(days = 7) Duration every,
        @DefaultValue("DETECT") Mode scheduledMode,
        @DefaultValue("15s") @DurationMin(millis = 1) @DurationMax(hours = 1) Duration gracePeriod,
        @DefaultValue("1s") @DurationMin(millis = 10) @DurationMax(minutes = 10)
                Duration pollInterval,
        @DefaultValue("1000") @Min(1) @Max(1000) int page,
        @DefaultValue("10000") @Min(1) @Max(100_000) int maxFindings,
        @DefaultValue("100") @Min(1) @Max(10_000) int repairsPerSecond,
        @DefaultValue("100") @Min(1) @Max(10_000) int maxQueued,
        @DefaultValue("30s") @DurationMin(millis = 100) @DurationMax(hours = 1)
                Duration countInterval,
        @DefaultValue("50") @Min(0) @Max(1_000) int countedCampaigns,
        @DefaultValue("1m") @DurationMin(seconds = 30) @DurationMax(hours = 1)
                Duration lockAtMost) {}
