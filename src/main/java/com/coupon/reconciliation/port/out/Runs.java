package com.coupon.reconciliation.port.out;

import com.coupon.reconciliation.domain.FindingFilter;
import com.coupon.reconciliation.domain.Run;
import com.coupon.reconciliation.domain.Run.Disposition;
import com.coupon.reconciliation.domain.Run.Mode;
import com.coupon.reconciliation.domain.Run.Phase;
import com.coupon.reconciliation.domain.Run.Progress;
import com.coupon.reconciliation.domain.Run.Status;
import com.coupon.reconciliation.domain.Run.Tally;
import com.coupon.reconciliation.domain.RunFilter;
import com.coupon.reconciliation.domain.StoredFinding;
import com.coupon.shared.CampaignId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs and their findings. What operators and repairs do is audited by the transaction that does
 * it. Thread-safe; every method throws a {@link RuntimeException} if the database cannot be
 * reached.
 */
public interface Runs {

    /**
     * Queues a run.
     *
     * @return the run, or empty where one of this campaign is not over
     */
    Optional<Run> queue(CampaignId campaign, Mode mode);

    /** How many are queued. */
    int queued();

    Optional<Run> find(long id);

    /** The one of a campaign that is not over. */
    Optional<Run> current(CampaignId campaign);

    /** When the last run of a campaign was asked for; empty where there was none. */
    Optional<Instant> lastRequested(CampaignId campaign);

    List<Run> page(RunFilter filter, long before, int limit);

    List<StoredFinding> findings(long run, FindingFilter filter, long after, int limit);

    /** Ends a queued run as cancelled, and has one that runs find out that it shall end. */
    Optional<Run> cancel(long id);

    /** Marks the first in the queue as running. */
    Optional<Run> begin();

    /**
     * Notes how far a run is.
     *
     * @return the run as it is now; whoever runs it ends if that is over, or to be cancelled
     */
    Run report(long id, Phase phase, Progress progress, Tally tally);

    /** Notes how a run has ended, unless it is over. */
    void end(long id, Status status, Progress progress, Tally tally, @Nullable String reason);

    /** Ends all that run as failed. */
    int endRunning(String reason);

    /** Adds what a run has found. */
    void add(long run, List<StoredFinding> findings);

    /** Notes what has become of a finding, in the audit log too where it was repaired. */
    void settle(Run run, StoredFinding finding, Disposition disposition, @Nullable String note);
}
