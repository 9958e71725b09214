package com.coupon.reconciliation.application;

import com.coupon.issuance.port.in.InspectCampaign;
import com.coupon.reconciliation.domain.FindingFilter;
import com.coupon.reconciliation.domain.Run;
import com.coupon.reconciliation.domain.Run.Mode;
import com.coupon.reconciliation.domain.RunFilter;
import com.coupon.reconciliation.domain.RunRequestResult;
import com.coupon.reconciliation.domain.StoredFinding;
import com.coupon.reconciliation.port.in.Reconcile;
import com.coupon.reconciliation.port.out.Runs;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import java.util.List;
import java.util.Optional;

/** Takes the runs that operators ask for, and shows them. */
@ConsumerRole
final class RunKeeping implements Reconcile {

    private final Runs runs;
    private final InspectCampaign campaigns;
    private final ReconciliationProperties properties;

    RunKeeping(Runs runs, InspectCampaign campaigns, ReconciliationProperties properties) {
        this.runs = runs;
        this.campaigns = campaigns;
        this.properties = properties;
    }

    @Override
    public RunRequestResult request(CampaignId campaign, Mode mode) {
        Optional<Run> current = runs.current(campaign);
        if (current.isPresent()) {
            return new RunRequestResult.AlreadyRunning(current.get());
        }
        return switch (campaigns.inspectability(campaign)) {
            case UNKNOWN -> new RunRequestResult.UnknownCampaign();
            case WITHOUT_WINNERS -> new RunRequestResult.NothingToCompare();
            case INSPECTABLE -> queue(campaign, mode);
        };
    }

    private RunRequestResult queue(CampaignId campaign, Mode mode) {
        if (runs.queued() >= properties.maxQueued()) {
            return new RunRequestResult.TooMany();
        }
        return runs.queue(campaign, mode)
                .<RunRequestResult>map(RunRequestResult.Queued::new)
                .or(() -> runs.current(campaign).map(RunRequestResult.AlreadyRunning::new))
                .orElseGet(RunRequestResult.TooMany::new);
    }

    @Override
    public Optional<Run> find(long run) {
        return runs.find(run);
    }

    @Override
    public List<Run> list(RunFilter filter, long before, int limit) {
        return runs.page(filter, before, limit);
    }

    @Override
    public List<StoredFinding> findings(long run, FindingFilter filter, long after, int limit) {
        return runs.findings(run, filter, after, limit);
    }

    @Override
    public Optional<Run> cancel(long run) {
        return runs.cancel(run);
    }
}
