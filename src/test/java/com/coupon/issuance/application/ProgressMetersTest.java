package com.coupon.issuance.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.Campaigns;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.StockAdjustment;
import com.coupon.issuance.domain.StockAdjustmentResult;
import com.coupon.issuance.port.in.CampaignProgress;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.issuance.port.out.LiveProgress;
import com.coupon.shared.CampaignId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What the gauges of stock and outbox show. */
class ProgressMetersTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Catalog catalog = new Catalog();
    private final Map<CampaignId, CampaignProgress> redis = new HashMap<>();
    private @Nullable Reason failure;

    private static final class Catalog implements CampaignCatalog {

        private final TreeMap<String, Campaign> campaigns = new TreeMap<>();

        @Override
        public boolean add(Campaign campaign) {
            return campaigns.put(campaign.id().value(), campaign) == null;
        }

        @Override
        public Optional<Campaign> find(CampaignId campaign) {
            return Optional.ofNullable(campaigns.get(campaign.value()));
        }

        @Override
        public Optional<Campaign> update(
                CampaignId campaign, String action, UnaryOperator<Campaign> change) {
            throw new UnsupportedOperationException();
        }

        @Override
        public StockAdjustmentResult adjust(
                StockAdjustment adjustment, Predicate<Campaign> lowered) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Campaign> outrun(Campaign seen, long version) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Campaign> list(String after, @Nullable CampaignState state, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Campaign> armed(String after, int limit) {
            return campaigns.tailMap(after, false).values().stream().limit(limit).toList();
        }
    }

    private CampaignProgress find(CampaignId campaign) {
        CampaignProgress progress = redis.get(campaign);
        if (failure != null || progress == null) {
            throw new IssuanceUnavailableException(failure == null ? Reason.RECOVERING : failure);
        }
        return progress;
    }

    private ProgressMeters meters(int stockGauges) {
        LiveProgress live = this::find;
        var properties =
                new Binder(
                                new MapConfigurationPropertySource(
                                        Map.of("coupon.issuance.stats.stock-gauges", stockGauges)))
                        .bindOrCreate("coupon.issuance", IssuanceProperties.class);
        return new ProgressMeters(catalog, live, properties, meters);
    }

    private void campaign(String id, long remaining, long pending, long waitingSeconds) {
        CampaignId campaign = new CampaignId(id);
        catalog.add(Campaigns.draft(campaign, 100).published());
        redis.put(
                campaign,
                new CampaignProgress(
                        campaign,
                        "PUBLISHED",
                        100,
                        0,
                        100 - remaining,
                        remaining,
                        pending,
                        100 - remaining - pending,
                        pending == 0 ? null : NOW.minusSeconds(waitingSeconds),
                        Map.of(),
                        Map.of(),
                        Duration.ofSeconds(10),
                        NOW));
    }

    private double value(String name) {
        return meters.get(name).gauge().value();
    }

    private Map<String, Double> stocks() {
        Map<String, Double> stocks = new TreeMap<>();
        for (Gauge gauge : meters.find("coupon.stock.remaining").gauges()) {
            stocks.put(String.valueOf(gauge.getId().getTag("campaign")), gauge.value());
        }
        return stocks;
    }

    @Test
    void theyShowWhatIsLeftAndWhatIsOnItsWay() {
        campaign("a", 40, 3, 7);
        campaign("b", 0, 2, 30);
        campaign("c", 100, 0, 0);
        ProgressMeters progress = meters(10);
        progress.read();

        assertThat(stocks()).isEqualTo(Map.of("a", 40.0, "b", 0.0, "c", 100.0));
        assertThat(value("coupon.outbox.pending")).isEqualTo(5);
        assertThat(meters.get("coupon.outbox.oldest.age").timeGauge().value()).isEqualTo(30);
    }

    @Test
    void noMoreCampaignsThanMayHaveAGaugeButTheOutboxOfAll() {
        campaign("a", 40, 3, 7);
        campaign("b", 0, 2, 30);
        meters(1).read();

        assertThat(stocks()).isEqualTo(Map.of("a", 40.0));
        assertThat(value("coupon.outbox.pending")).isEqualTo(5);
    }

    @Test
    void aCampaignThatIsDamagedIsLeftOutAndHidesNoOther() {
        campaign("a", 40, 3, 7);
        campaign("b", 0, 2, 30);
        redis.remove(new CampaignId("a"));
        meters(10).read();

        assertThat(stocks()).isEqualTo(Map.of("b", 0.0));
        assertThat(value("coupon.outbox.pending")).isEqualTo(2);
    }

    @Test
    void whatCannotBeReadIsNotShownAsItWas() {
        campaign("a", 40, 3, 7);
        ProgressMeters progress = meters(10);
        progress.read();
        failure = Reason.UNKNOWN;
        assertThatThrownBy(progress::read).isInstanceOf(IssuanceUnavailableException.class);

        assertThat(stocks()).isEmpty();
        assertThat(value("coupon.outbox.pending")).isNaN();

        failure = null;
        progress.read();
        assertThat(stocks()).isEqualTo(Map.of("a", 40.0));
    }
}
