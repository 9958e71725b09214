package com.coupon.issuance.application;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.port.in.CampaignProgress;
import com.coupon.issuance.port.in.ViewProgress;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.issuance.port.out.LiveProgress;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/** Shows how far campaigns are: those that were armed as Redis has them, drafts as planned. */
@ConsumerRole
final class ProgressViewing implements ViewProgress {

    private final CampaignCatalog catalog;
    private final LiveProgress live;
    private final InstantSource clock;

    ProgressViewing(CampaignCatalog catalog, LiveProgress live, InstantSource clock) {
        this.catalog = catalog;
        this.live = live;
        this.clock = clock;
    }

    @Override
    public Optional<CampaignProgress> progress(CampaignId campaign) {
        return catalog.find(campaign)
                .map(planned -> planned.armed() ? live.of(campaign) : nothingYet(planned));
    }

    private CampaignProgress nothingYet(Campaign draft) {
        return new CampaignProgress(
                draft.id(),
                draft.state().name(),
                draft.plan().quantity(),
                draft.returned(),
                0,
                draft.plan().quantity() + draft.returned(),
                0,
                0L,
                null,
                Map.of(),
                Map.of(),
                Duration.ZERO,
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }
}
