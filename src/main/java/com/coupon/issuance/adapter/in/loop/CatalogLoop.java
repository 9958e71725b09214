package com.coupon.issuance.adapter.in.loop;

import com.coupon.issuance.application.CampaignLifecycle;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.shared.ConsumerRole;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The thread that keeps Redis in line with the catalogue. */
@ConsumerRole
final class CatalogLoop extends LoopGroups implements HealthIndicator {

    CatalogLoop(CampaignLifecycle lifecycle, IssuanceProperties properties) {
        super(
                List.of(
                        List.of(
                                Loop.every(
                                        "catalog",
                                        properties.catalogInterval(),
                                        lifecycle::reassert))));
    }

    @Override
    public Health health() {
        return liveness();
    }
}
