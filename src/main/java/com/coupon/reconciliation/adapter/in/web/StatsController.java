package com.coupon.reconciliation.adapter.in.web;

import com.coupon.issuance.port.in.CampaignProgress;
import com.coupon.issuance.port.in.ClaimOutcome;
import com.coupon.reconciliation.port.in.ViewStats;
import com.coupon.reconciliation.port.in.ViewStats.CampaignStats;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** How a campaign is going, for operators. */
@ConsumerRole
@RestController
final class StatsController {

    private final ViewStats stats;

    StatsController(ViewStats stats) {
        this.stats = stats;
    }

    /**
     * A campaign at one instant.
     *
     * @param published null where it has not been counted since the campaign was last rebuilt
     * @param refused by reason, as problems name it; every reason is there
     */
    record StatsBody(
            String campaignId,
            String state,
            long quantity,
            long returned,
            long issued,
            long remaining,
            @Nullable Long published,
            long recorded,
            long revoked,
            long voided,
            long deadLetters,
            TellingsBody told,
            Map<String, Long> refused,
            RatesBody perSecond,
            LagBody lag,
            Instant readAt) {

        static StatsBody of(CampaignStats stats) {
            CampaignProgress progress = stats.progress();
            Map<String, Long> refused = new LinkedHashMap<>();
            for (ClaimOutcome outcome : ClaimOutcome.values()) {
                if (outcome.isRefusal()) {
                    refused.put(slug(outcome), count(progress.answers(), outcome));
                }
            }
            return new StatsBody(
                    progress.campaign().value(),
                    progress.state(),
                    progress.quantity(),
                    progress.returned(),
                    progress.issued(),
                    progress.remaining(),
                    progress.published(),
                    stats.ledger().recorded(),
                    stats.ledger().revoked(),
                    stats.ledger().voided(),
                    stats.ledger().deadLetters(),
                    TellingsBody.of(progress.answers()),
                    refused,
                    RatesBody.of(progress),
                    LagBody.of(stats),
                    progress.readAt());
        }

        private static String slug(ClaimOutcome outcome) {
            return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How often members were told of a coupon. */
    record TellingsBody(long issued, long alreadyIssued, long pending) {

        static TellingsBody of(Map<ClaimOutcome, Long> answers) {
            return new TellingsBody(
                    count(answers, ClaimOutcome.ISSUED),
                    count(answers, ClaimOutcome.ALREADY_ISSUED),
                    count(answers, ClaimOutcome.PENDING));
        }
    }

    /**
     * Answers per second over the latest seconds.
     *
     * @param windowSeconds how many seconds
     */
    record RatesBody(long windowSeconds, double answered, double issued, double refused) {

        static RatesBody of(CampaignProgress progress) {
            long answered = 0;
            long refused = 0;
            for (var told : progress.lately().entrySet()) {
                answered += told.getValue();
                refused += told.getKey().isRefusal() ? told.getValue() : 0;
            }
            long seconds = progress.window().toSeconds();
            return new RatesBody(
                    seconds,
                    rate(answered, seconds),
                    rate(count(progress.lately(), ClaimOutcome.ISSUED), seconds),
                    rate(refused, seconds));
        }

        private static double rate(long count, long seconds) {
            return seconds == 0 ? 0 : (double) count / seconds;
        }
    }

    /**
     * What is on its way from the decision to the ledger.
     *
     * @param unpublished coupons that are not yet known to be in Kafka
     * @param oldestUnpublishedSeconds how long the oldest of them has been waiting, or null where
     *     there is none
     * @param unconsumed coupons that are in Kafka and not in the ledger
     * @param unaccounted coupons that are issued and neither published nor waiting to be; not 0
     *     only where something was lost
     * @param unrecorded coupons that the ledger does not have yet, wherever they are
     */
    record LagBody(
            long unpublished,
            @Nullable Double oldestUnpublishedSeconds,
            @Nullable Long unconsumed,
            @Nullable Long unaccounted,
            long unrecorded) {

        static LagBody of(CampaignStats stats) {
            CampaignProgress progress = stats.progress();
            Instant oldest = progress.oldestUnpublished();
            return new LagBody(
                    progress.unpublished(),
                    oldest == null
                            ? null
                            : Duration.between(oldest, progress.readAt()).toMillis() / 1000.0,
                    stats.unconsumed(),
                    stats.unaccounted(),
                    stats.unrecorded());
        }
    }

    private static long count(Map<ClaimOutcome, Long> answers, ClaimOutcome outcome) {
        return answers.getOrDefault(outcome, 0L);
    }

    /**
     * Tells how a campaign is going: what is issued, recorded and refused, how fast, and what is on
     * its way.
     */
    @GetMapping("/api/v1/admin/campaigns/{campaign}/stats")
    @Answers(problems = {ProblemCode.UNKNOWN_CAMPAIGN, ProblemCode.RECOVERING})
    ResponseEntity<StatsBody> stats(@PathVariable CampaignId campaign) {
        return stats.stats(campaign)
                .map(found ->
                        ResponseEntity.ok()
                                .cacheControl(CacheControl.noStore())
                                .body(StatsBody.of(found)))
                .orElseThrow(() -> new ProblemException(ProblemCode.UNKNOWN_CAMPAIGN));
    }
}
