package com.coupon.issuance.application;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.port.in.CampaignProgress;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.issuance.port.out.LiveProgress;
import com.coupon.shared.ConsumerRole;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Gauges of what is left and of what is on its way. They show what the last {@link #read} found,
 * and nothing (NaN) after one that failed, since an old figure would look like a calm one.
 * Campaigns whose data in Redis is damaged are left out. {@link #read} is called by one thread.
 */
@ConsumerRole
public final class ProgressMeters {

    private static final int PAGE = 500;

    private record Outbox(double pending, double oldestSeconds) {

        private static final Outbox NOT_KNOWN = new Outbox(Double.NaN, Double.NaN);
    }

    private final CampaignCatalog catalog;
    private final LiveProgress live;
    private final int maxCampaigns;
    private final MultiGauge remaining;
    private volatile Outbox outbox = Outbox.NOT_KNOWN;

    ProgressMeters(
            CampaignCatalog catalog,
            LiveProgress live,
            IssuanceProperties properties,
            MeterRegistry meters) {
        this.catalog = catalog;
        this.live = live;
        this.maxCampaigns = properties.stats().stockGauges();
        this.remaining =
                MultiGauge.builder("coupon.stock.remaining")
                        .description("Coupons left in a campaign that is published or paused")
                        .register(meters);
        Gauge.builder("coupon.outbox.pending", () -> outbox.pending())
                .description("Issued coupons that are not yet known to be in Kafka")
                .register(meters);
        TimeGauge.builder(
                        "coupon.outbox.oldest.age", () -> outbox.oldestSeconds(), TimeUnit.SECONDS)
                .description("How long the oldest of them has been waiting")
                .register(meters);
    }

    /**
     * Reads all campaigns that were armed and are not archived.
     *
     * @throws RuntimeException if the catalogue or Redis cannot be asked
     */
    public void read() {
        List<MultiGauge.Row<?>> stocks = List.of();
        Outbox found = Outbox.NOT_KNOWN;
        try {
            List<MultiGauge.Row<?>> rows = new ArrayList<>();
            found = read(rows);
            stocks = rows;
        } finally {
            outbox = found;
            remaining.register(stocks, true);
        }
    }

    private Outbox read(List<MultiGauge.Row<?>> stocks) {
        long pending = 0;
        Duration oldest = Duration.ZERO;
        String after = "";
        List<Campaign> page;
        do {
            page = catalog.armed(after, PAGE);
            for (Campaign campaign : page) {
                after = campaign.id().value();
                if (campaign.state() == CampaignState.ARCHIVED) {
                    continue;
                }
                CampaignProgress progress;
                try {
                    progress = live.of(campaign.id());
                } catch (IssuanceUnavailableException e) {
                    if (e.reason() == Reason.RECOVERING) {
                        continue;
                    }
                    throw e;
                }
                pending += progress.unpublished();
                if (progress.oldestUnpublished() != null) {
                    Duration age =
                            Duration.between(progress.oldestUnpublished(), progress.readAt());
                    oldest = age.compareTo(oldest) > 0 ? age : oldest;
                }
                if (takesClaims(campaign) && stocks.size() < maxCampaigns) {
                    stocks.add(
                            MultiGauge.Row.of(
                                    Tags.of("campaign", campaign.id().value()),
                                    progress.remaining()));
                }
            }
        } while (page.size() == PAGE);
        return new Outbox(pending, oldest.toMillis() / 1000.0);
    }

    private static boolean takesClaims(Campaign campaign) {
        return campaign.state() == CampaignState.PUBLISHED
                || campaign.state() == CampaignState.PAUSED;
    }
}
