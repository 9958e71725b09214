package com.coupon.issuance.application;

import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.port.in.ClaimOutcome;
import com.coupon.issuance.port.out.AnswerTotals;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what claims are told, per campaign, and adds it to the totals of all nodes now and then.
 *
 * <p>Counting costs a look-up and an addition, so that losing stays free: it takes no lock, makes
 * no object and writes nothing to Redis. What a node that dies had not added yet is lost. An
 * addition whose outcome is not known is not repeated: the totals may lack answers, but never have
 * one twice.
 *
 * <p>A campaign is counted from the first answer that proves that it exists, so that nobody fills
 * the memory with campaigns he made up. {@link #count} may be called by any thread, {@link #flush}
 * by one at a time.
 */
@ApiRole
public final class AnswerCounting {

    /** After so many flushes without an answer a campaign makes room for another. */
    private static final int IDLE_FLUSHES = 600;

    private static final class Counts {

        private final CampaignId campaign;

        /** Complete and never changed again, so that anybody may read it. */
        private final Map<ClaimOutcome, LongAdder> told = new EnumMap<>(ClaimOutcome.class);

        /** What of it has been added to the totals; only flushes use it. */
        private final Map<ClaimOutcome, Long> added = new EnumMap<>(ClaimOutcome.class);

        private int idle;

        Counts(CampaignId campaign) {
            this.campaign = campaign;
            for (ClaimOutcome outcome : ClaimOutcome.values()) {
                told.put(outcome, new LongAdder());
            }
        }

        void count(ClaimOutcome outcome) {
            Objects.requireNonNull(told.get(outcome)).increment();
        }

        Map<ClaimOutcome, Long> fresh() {
            Map<ClaimOutcome, Long> fresh = new EnumMap<>(ClaimOutcome.class);
            told.forEach((outcome, count) -> {
                long more = count.sum() - added.getOrDefault(outcome, 0L);
                if (more > 0) {
                    fresh.put(outcome, more);
                }
            });
            return fresh;
        }

        void settle(Map<ClaimOutcome, Long> answers) {
            answers.forEach((outcome, count) -> added.merge(outcome, count, Long::sum));
        }
    }

    private final AnswerTotals totals;
    private final int capacity;
    private final Counter uncounted;
    private final Map<CampaignId, Counts> campaigns = new ConcurrentHashMap<>();

    /** No longer found by those who count, but perhaps still held by one of them. */
    private List<Counts> leaving = new ArrayList<>();

    AnswerCounting(AnswerTotals totals, IssuanceProperties properties, MeterRegistry meters) {
        this.totals = totals;
        this.capacity = properties.stats().campaigns();
        this.uncounted =
                Counter.builder("coupon.claims.uncounted")
                        .description("Answers that are in no campaign's stats")
                        .register(meters);
    }

    void count(PendingClaim.Group asked, ClaimResult result) {
        if (asked.question() != Question.CLAIM) {
            return;
        }
        ClaimOutcome outcome = outcome(result);
        if (outcome == null) {
            return;
        }
        Counts counts = campaigns.get(asked.campaign());
        if (counts == null && provesCampaign(outcome) && campaigns.size() < capacity) {
            counts = campaigns.computeIfAbsent(asked.campaign(), Counts::new);
        }
        if (counts == null) {
            uncounted.increment();
        } else {
            counts.count(outcome);
        }
    }

    private static @Nullable ClaimOutcome outcome(ClaimResult result) {
        return switch (result) {
            case ClaimResult.Issued _ -> ClaimOutcome.ISSUED;
            case ClaimResult.AlreadyIssued _ -> ClaimOutcome.ALREADY_ISSUED;
            case ClaimResult.Pending _ -> ClaimOutcome.PENDING;
            case ClaimResult.Revoked _ -> ClaimOutcome.REVOKED;
            case ClaimResult.Archived _ -> ClaimOutcome.ARCHIVED;
            case ClaimResult.NotOpenYet _ -> ClaimOutcome.NOT_OPEN_YET;
            case ClaimResult.Paused _ -> ClaimOutcome.PAUSED;
            case ClaimResult.Closed _ -> ClaimOutcome.CLOSED;
            case ClaimResult.SoldOut _ -> ClaimOutcome.SOLD_OUT;
            case ClaimResult.NotEligible _ -> ClaimOutcome.NOT_ELIGIBLE;
            case ClaimResult.Recovering _ -> ClaimOutcome.RECOVERING;
            case ClaimResult.Overloaded _ -> ClaimOutcome.OVERLOADED;
            case ClaimResult.Unavailable _ -> ClaimOutcome.UNAVAILABLE;
            case ClaimResult.UnknownCampaign _ -> null;
            case ClaimResult.NoClaim _ -> null;
        };
    }

    /** Whether the answer came from the campaign itself, and not instead of one. */
    private static boolean provesCampaign(ClaimOutcome outcome) {
        return switch (outcome) {
            case RECOVERING, OVERLOADED, UNAVAILABLE -> false;
            case ISSUED,
                    ALREADY_ISSUED,
                    PENDING,
                    REVOKED,
                    ARCHIVED,
                    NOT_OPEN_YET,
                    PAUSED,
                    CLOSED,
                    SOLD_OUT,
                    NOT_ELIGIBLE ->
                    true;
        };
    }

    /**
     * Adds what was counted since the last time to the totals; nothing is written for a campaign in
     * which nobody was told anything.
     *
     * @throws IssuanceUnavailableException if Redis could not be asked for one of the campaigns;
     *     the others were taken care of, and what was surely not added is kept
     */
    public void flush() {
        List<Counts> all = new ArrayList<>(leaving);
        all.addAll(campaigns.values());
        leaving = new ArrayList<>();
        IssuanceUnavailableException failure = null;
        for (Counts counts : all) {
            try {
                flush(counts);
            } catch (IssuanceUnavailableException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void flush(Counts counts) {
        Map<ClaimOutcome, Long> fresh = counts.fresh();
        if (fresh.isEmpty()) {
            counts.idle++;
            if (counts.idle == IDLE_FLUSHES && campaigns.remove(counts.campaign, counts)) {
                leaving.add(counts);
            }
            return;
        }
        counts.idle = 0;
        try {
            totals.add(counts.campaign, fresh);
        } catch (IssuanceUnavailableException e) {
            if (e.reason() == Reason.UNDECIDED) {
                if (campaigns.get(counts.campaign) != counts) {
                    leaving.add(counts);
                }
                throw e;
            }
            counts.settle(fresh);
            throw e;
        }
        counts.settle(fresh);
    }
}
