package com.coupon.reconciliation.application;

import com.coupon.issuance.port.in.ViewProgress;
import com.coupon.persistence.port.in.CountIssuances;
import com.coupon.persistence.port.in.CountIssuances.IssuanceCount;
import com.coupon.reconciliation.port.in.ViewStats;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import java.util.Optional;

/** Asks both sides, the one that follows first. */
@ConsumerRole
final class StatsViewing implements ViewStats {

    private final ViewProgress issuance;
    private final CountIssuances ledger;

    StatsViewing(ViewProgress issuance, CountIssuances ledger) {
        this.issuance = issuance;
        this.ledger = ledger;
    }

    @Override
    public Optional<CampaignStats> stats(CampaignId campaign) {
        IssuanceCount recorded = ledger.count(campaign);
        return issuance.progress(campaign).map(progress -> new CampaignStats(progress, recorded));
    }
}
