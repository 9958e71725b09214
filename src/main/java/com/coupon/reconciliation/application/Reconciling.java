package com.coupon.reconciliation.application;

import com.coupon.issuance.port.in.InspectCampaign;
import com.coupon.persistence.port.in.ReadLedger;
import com.coupon.reconciliation.application.Mending.Mended;
import com.coupon.reconciliation.domain.Finding;
import com.coupon.reconciliation.domain.Run;
import com.coupon.reconciliation.domain.Run.Disposition;
import com.coupon.reconciliation.domain.Run.Mode;
import com.coupon.reconciliation.domain.Run.Phase;
import com.coupon.reconciliation.domain.Run.Status;
import com.coupon.reconciliation.domain.StoredFinding;
import com.coupon.reconciliation.port.in.RunReconciliations;
import com.coupon.reconciliation.port.out.Runs;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes runs, one at a time. */
@ConsumerRole
final class Reconciling implements RunReconciliations {

    private static final Logger log = LoggerFactory.getLogger(Reconciling.class);

    private static final int LONGEST_REASON = 1_000;
    private static final Duration BETWEEN_SCHEDULES = Duration.ofMinutes(1);
    private static final int CAMPAIGNS_AT_ONCE = 100;

    private final Runs runs;
    private final InspectCampaign redis;
    private final ReadLedger ledger;
    private final Mending mending;
    private final ReconciliationProperties properties;
    private final MeterRegistry meters;
    private final InstantSource clock;
    private Instant nextSchedule = Instant.MIN;

    /** How a run ended that the database could not be told of. */
    private @Nullable Ending untold;

    Reconciling(
            Runs runs,
            InspectCampaign redis,
            ReadLedger ledger,
            Mending mending,
            ReconciliationProperties properties,
            MeterRegistry meters,
            InstantSource clock) {
        this.runs = runs;
        this.redis = redis;
        this.ledger = ledger;
        this.mending = mending;
        this.properties = properties;
        this.meters = meters;
        this.clock = clock;
        for (Finding.Kind kind : Finding.Kind.values()) {
            findings(kind);
            for (Disposition disposition : Disposition.values()) {
                if (disposition.isRepair()) {
                    repairs(kind, disposition);
                }
            }
        }
        // also those that have not happened yet: what is not there cannot be missed
        for (Mode mode : Mode.values()) {
            for (Status status : Status.values()) {
                if (status.isOver()) {
                    runs(mode, status);
                }
            }
        }
    }

    private record Ending(Run run, Course course, Status status, @Nullable String reason) {}

    private Counter findings(Finding.Kind kind) {
        return Counter.builder("coupon.reconciliation.findings")
                .description("Differences between Redis and the ledger that runs have found")
                .tag("kind", tag(kind))
                .register(meters);
    }

    private Counter repairs(Finding.Kind kind, Disposition disposition) {
        return Counter.builder("coupon.reconciliation.repairs")
                .description("Differences between Redis and the ledger that were mended")
                .tag("kind", tag(kind))
                .tag("by", disposition == Disposition.REPAIRED ? "script" : "rebuild")
                .register(meters);
    }

    private Timer runs(Mode mode, Status status) {
        return Timer.builder("coupon.reconciliation.runs")
                .description("Comparisons of Redis with the ledger")
                .tag("mode", tag(mode))
                .tag("status", tag(status))
                .register(meters);
    }

    private static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public void endAbandoned() {
        tellEnding();
        int ended = runs.endRunning("The node that ran it is gone.");
        if (ended > 0) {
            log.warn("{} reconciliations were left unfinished; they have failed", ended);
        }
    }

    private void tellEnding() {
        Ending ending = untold;
        if (ending != null) {
            runs.end(
                    ending.run().id(),
                    ending.status(),
                    ending.course().progress(),
                    ending.course().tally(),
                    ending.reason());
            untold = null;
        }
    }

    @Override
    public void queueScheduled() {
        Instant now = clock.instant();
        if (!properties.scheduled() || now.isBefore(nextSchedule)) {
            return;
        }
        nextSchedule = now.plus(BETWEEN_SCHEDULES);
        String after = "";
        List<CampaignId> page;
        do {
            page = redis.inspectable(after, CAMPAIGNS_AT_ONCE);
            for (CampaignId campaign : page) {
                after = campaign.value();
                Optional<Instant> last = runs.lastRequested(campaign);
                if (last.isEmpty() || !last.get().plus(properties.every()).isAfter(now)) {
                    if (runs.queued() >= properties.maxQueued()) {
                        return;
                    }
                    runs.queue(campaign, properties.scheduledMode());
                }
            }
        } while (page.size() == CAMPAIGNS_AT_ONCE);
    }

    @Override
    public boolean next(Stop stop) {
        tellEnding();
        Optional<Run> begun = runs.begin();
        begun.ifPresent(run -> execute(run, stop));
        return begun.isPresent();
    }

    private void execute(Run run, Stop stop) {
        var course = new Course(run.id(), runs, stop, clock);
        Instant began = clock.instant();
        Ending ending;
        try {
            reconcile(run, course);
            ending = new Ending(run, course, Status.COMPLETED, null);
        } catch (RunEndedException e) {
            ending = new Ending(run, course, Status.CANCELLED, null);
        } catch (RuntimeException e) {
            log.warn("Reconciliation {} of {} failed", run.id(), run.campaign(), e);
            ending = new Ending(run, course, Status.FAILED, reason(e));
        }
        untold = ending;
        runs(run.mode(), ending.status()).record(Duration.between(began, clock.instant()));
        log.info(
                "Reconciliation {} of {}: {}, {} winners and {} rows, {} findings, {} repaired",
                run.id(),
                run.campaign(),
                ending.status(),
                course.progress().winners(),
                course.progress().rows(),
                course.tally().findings(),
                course.tally().repaired());
        tellEnding();
    }

    /**
     * What is wrong, for people: the first line of it, because databases quote rows in the others.
     */
    private static String reason(RuntimeException failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message =
                root.getMessage() == null ? "" : root.getMessage().lines().findFirst().orElse("");
        String reason =
                message.isBlank()
                        ? root.getClass().getSimpleName()
                        : root instanceof IllegalStateException
                                ? message
                                : root.getClass().getSimpleName() + ": " + message;
        return reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
    }

    private void reconcile(Run run, Course course) {
        var comparison = new Comparison(run.campaign(), redis, ledger, properties, course);
        List<Finding> found = comparison.compare();
        course.enter(Phase.REPORTING);
        course.tally(course.tally().withTruncated(comparison.isTruncated()));
        List<StoredFinding> stored = new ArrayList<>();
        Instant now = clock.instant();
        for (Finding finding : found) {
            findings(finding.kind()).increment();
            Disposition disposition =
                    finding.isRepairable() ? Disposition.REPORTED : Disposition.QUARANTINED;
            stored.add(StoredFinding.of(stored.size() + 1L, finding, disposition, null, now));
        }
        // All of it is stored before any of it is mended, so that nothing is mended unseen.
        runs.add(run.id(), stored);
        for (int i = 0; i < found.size(); i++) {
            StoredFinding finding = stored.get(i);
            Disposition disposition = finding.disposition();
            if (run.mode() == Mode.REPAIR && disposition == Disposition.REPORTED) {
                course.pause(Duration.ofSeconds(1).dividedBy(properties.repairsPerSecond()));
                disposition = mend(run, found.get(i), finding);
            }
            course.tally(course.tally().plus(disposition));
        }
    }

    private Disposition mend(Run run, Finding finding, StoredFinding stored) {
        Mended mended = mending.mend(run.campaign(), finding);
        runs.settle(run, stored, mended.disposition(), mended.note());
        if (mended.disposition().isRepair()) {
            repairs(finding.kind(), mended.disposition()).increment();
        }
        return mended.disposition();
    }
}
