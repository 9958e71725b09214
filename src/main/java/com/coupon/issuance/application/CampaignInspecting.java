package com.coupon.issuance.application;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.Winner;
import com.coupon.issuance.port.in.InspectCampaign;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.issuance.port.out.CampaignInspection;
import com.coupon.issuance.port.out.CampaignInspection.Counters;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows what Redis holds of campaigns beside what is planned, and has single coupons mended. */
@ConsumerRole
final class CampaignInspecting implements InspectCampaign {

    private final CampaignCatalog catalog;
    private final CampaignInspection redis;
    private final InstantSource clock;

    CampaignInspecting(CampaignCatalog catalog, CampaignInspection redis, InstantSource clock) {
        this.catalog = catalog;
        this.redis = redis;
        this.clock = clock;
    }

    @Override
    public List<CampaignId> inspectable(String after, int limit) {
        List<CampaignId> found = new ArrayList<>();
        String last = after;
        List<Campaign> page;
        do {
            page = catalog.armed(last, limit);
            for (Campaign campaign : page) {
                if (found.size() < limit && campaign.hasWinnersAt(clock.instant())) {
                    found.add(campaign.id());
                }
                last = campaign.id().value();
            }
        } while (found.size() < limit && page.size() == limit);
        return found;
    }

    @Override
    public Inspectability inspectability(CampaignId campaign) {
        return catalog.find(campaign)
                .map(found ->
                        found.hasWinnersAt(clock.instant())
                                ? Inspectability.INSPECTABLE
                                : Inspectability.WITHOUT_WINNERS)
                .orElse(Inspectability.UNKNOWN);
    }

    @Override
    public Optional<Standing> standing(CampaignId campaign) {
        return planned(campaign)
                .map(before -> {
                    Counters counters = redis.counters(campaign);
                    // A change that is under way is in one of the two before it is in the other.
                    Campaign after = planned(campaign).orElse(before);
                    return standing(before, counters, after);
                });
    }

    private Optional<Campaign> planned(CampaignId campaign) {
        return catalog.find(campaign).filter(stored -> stored.state() != CampaignState.DRAFT);
    }

    private static Standing standing(Campaign before, Counters counters, Campaign after) {
        return new Standing(
                counters.archived(),
                before.version() == counters.version() && after.version() == counters.version(),
                after.plan().quantity(),
                after.returned(),
                counters.quantity(),
                counters.returned(),
                counters.issued(),
                counters.remaining(),
                counters.winners(),
                counters.waiting(),
                counters.generation(),
                counters.epoch(),
                counters.readAt());
    }

    @Override
    public WinnerPage winners(CampaignId campaign, String cursor, int limit) {
        return redis.winners(campaign, cursor, limit);
    }

    @Override
    public Map<MemberId, Holding> winners(CampaignId campaign, Collection<MemberId> members) {
        if (members.size() > MOST_MEMBERS) {
            throw new IllegalArgumentException(
                    "At most " + MOST_MEMBERS + " members are asked for at once.");
        }
        return redis.winners(campaign, members);
    }

    @Override
    public OutboxPage waiting(CampaignId campaign, String after, int limit) {
        return redis.waiting(campaign, after, limit);
    }

    @Override
    public Restoration restore(IssuedCoupon coupon, boolean revoked) {
        return redis.restore(new Winner(coupon, revoked));
    }

    @Override
    public Republication republish(IssuedCoupon coupon) {
        return redis.republish(coupon);
    }
}
