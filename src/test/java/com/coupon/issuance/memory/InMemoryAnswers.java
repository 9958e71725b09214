package com.coupon.issuance.memory;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.port.in.CampaignProgress;
import com.coupon.issuance.port.in.ClaimOutcome;
import com.coupon.issuance.port.out.AnswerTotals;
import com.coupon.issuance.port.out.LiveProgress;
import com.coupon.shared.CampaignId;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Totals of answers, and campaigns in which nothing else happens, in memory. Not thread-safe. */
public final class InMemoryAnswers implements AnswerTotals, LiveProgress {

    private final Map<CampaignId, Long> quantities = new HashMap<>();
    private final Map<CampaignId, Map<ClaimOutcome, Long>> totals = new HashMap<>();
    private int additions;
    private @Nullable Reason failure;

    public void open(CampaignId campaign, long quantity) {
        quantities.put(campaign, quantity);
    }

    /** From now on every call fails so; null for none. */
    public void failBy(@Nullable Reason reason) {
        failure = reason;
    }

    /** How often anything was added. */
    public int additions() {
        return additions;
    }

    public Map<ClaimOutcome, Long> answers(CampaignId campaign) {
        return totals.getOrDefault(campaign, Map.of());
    }

    @Override
    public boolean add(CampaignId campaign, Map<ClaimOutcome, Long> answers) {
        if (failure != null) {
            throw new IssuanceUnavailableException(failure);
        }
        additions++;
        if (!quantities.containsKey(campaign)) {
            return false;
        }
        Map<ClaimOutcome, Long> total =
                totals.computeIfAbsent(campaign, _ -> new EnumMap<>(ClaimOutcome.class));
        answers.forEach((outcome, count) -> total.merge(outcome, count, Long::sum));
        return true;
    }

    @Override
    public CampaignProgress of(CampaignId campaign) {
        Long quantity = quantities.get(campaign);
        if (failure != null || quantity == null) {
            throw new IssuanceUnavailableException(failure == null ? Reason.RECOVERING : failure);
        }
        return new CampaignProgress(
                campaign,
                "PUBLISHED",
                quantity,
                0,
                0,
                quantity,
                0,
                0L,
                null,
                answers(campaign),
                answers(campaign),
                Duration.ofSeconds(10),
                Instant.now());
    }
}
