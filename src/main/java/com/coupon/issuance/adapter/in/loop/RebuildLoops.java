package com.coupon.issuance.adapter.in.loop;

import com.coupon.issuance.application.CampaignRebuilding;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.shared.ConsumerRole;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The threads that look after campaigns that Redis has lost something of. */
@ConsumerRole
final class RebuildLoops extends LoopGroups implements HealthIndicator {

    RebuildLoops(CampaignRebuilding rebuilding, IssuanceProperties properties) {
        super(
                List.of(
                        List.of(
                                Loop.every(
                                        "rebuild",
                                        properties.rebuild().interval(),
                                        rebuilding::step),
                                Loop.every(
                                        "rebuild-archived",
                                        properties.catalogInterval(),
                                        rebuilding::stepOfArchived))));
    }

    @Override
    public Health health() {
        return liveness();
    }
}
