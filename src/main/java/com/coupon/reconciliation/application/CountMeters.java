package com.coupon.reconciliation.application;

import com.coupon.issuance.port.in.CampaignProgress;
import com.coupon.issuance.port.in.InspectCampaign;
import com.coupon.persistence.port.in.CountIssuances.IssuanceCount;
import com.coupon.reconciliation.port.in.ViewStats;
import com.coupon.reconciliation.port.in.ViewStats.CampaignStats;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gauges of the three counts that must agree, issued by Redis, published to Kafka and recorded in
 * the ledger, and of what is in between. They show what the last {@link #read} found; a campaign
 * that could not be counted is left out, since an old figure would look like a calm one. {@link
 * #read} is called by one thread.
 */
@ConsumerRole
public final class CountMeters {

    private static final Logger log = LoggerFactory.getLogger(CountMeters.class);

    private final InspectCampaign campaigns;
    private final ViewStats stats;
    private final int counted;
    private final MultiGauge counts;

    CountMeters(
            InspectCampaign campaigns,
            ViewStats stats,
            ReconciliationProperties properties,
            MeterRegistry meters) {
        this.campaigns = campaigns;
        this.stats = stats;
        this.counted = properties.countedCampaigns();
        this.counts =
                MultiGauge.builder("coupon.reconciliation.count")
                        .description("Coupons of a campaign by how far they are on their way")
                        .register(meters);
    }

    /**
     * Counts, one campaign after the other.
     *
     * @throws RuntimeException if the catalogue cannot be asked
     */
    public void read() {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        try {
            List<CampaignId> all = counted == 0 ? List.of() : campaigns.inspectable("", counted);
            all.forEach(campaign -> read(campaign, rows));
        } finally {
            counts.register(rows, true);
        }
    }

    private void read(CampaignId campaign, List<MultiGauge.Row<?>> rows) {
        try {
            stats.stats(campaign).ifPresent(found -> add(campaign, found, rows));
        } catch (RuntimeException e) {
            // one that is damaged or too large to be counted in time hides none of the others
            log.debug("{} is not counted", campaign, e);
        }
    }

    private static void add(
            CampaignId campaign, CampaignStats found, List<MultiGauge.Row<?>> rows) {
        CampaignProgress redis = found.progress();
        IssuanceCount ledger = found.ledger();
        add(campaign, "issued", redis.issued(), rows);
        add(campaign, "outbox", redis.unpublished(), rows);
        Long published = redis.published();
        if (published != null) {
            add(campaign, "published", published, rows);
        }
        add(campaign, "recorded", ledger.recorded(), rows);
        add(campaign, "voided", ledger.voided(), rows);
        add(campaign, "dead-letters", ledger.deadLetters(), rows);
    }

    private static void add(
            CampaignId campaign, String place, long count, List<MultiGauge.Row<?>> rows) {
        rows.add(MultiGauge.Row.of(Tags.of("campaign", campaign.value(), "place", place), count));
    }
}
