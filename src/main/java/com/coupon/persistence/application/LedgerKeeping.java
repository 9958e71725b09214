package com.coupon.persistence.application;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.spi.LedgerProgress;
import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.domain.IssuanceFilter;
import com.coupon.persistence.domain.Recorded;
import com.coupon.persistence.port.in.CountIssuances;
import com.coupon.persistence.port.in.ListIssuances;
import com.coupon.persistence.port.in.RecordIssuances;
import com.coupon.persistence.port.out.Ledger;
import com.coupon.persistence.port.out.Ledger.Vacancy;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Keeps the ledger, and counts what is recorded. */
@ConsumerRole
final class LedgerKeeping
        implements RecordIssuances, ListIssuances, CountIssuances, LedgerProgress {

    private final Ledger ledger;
    private final InstantSource clock;
    private final Counter recorded;
    private final Counter duplicates;
    private final Counter conflicts;
    private final Timer lag;

    LedgerKeeping(Ledger ledger, MeterRegistry meters, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
        this.recorded = counter(meters, "recorded", "Coupons recorded in the ledger");
        this.duplicates =
                counter(
                        meters,
                        "duplicates",
                        "Repeated deliveries of coupons that were recorded already");
        this.conflicts = counter(meters, "conflicts", "Coupons that contradict the ledger");
        this.lag =
                Timer.builder("coupon.ledger.lag")
                        .description("From the decision to the row in the ledger")
                        .register(meters);
    }

    private static Counter counter(MeterRegistry meters, String name, String description) {
        return Counter.builder("coupon.ledger." + name).description(description).register(meters);
    }

    @Override
    public Recorded record(List<IssuedCoupon> coupons) {
        Recorded result = ledger.add(coupons);
        recorded.increment(result.inserted().size());
        duplicates.increment(result.duplicates());
        conflicts.increment(result.conflicts().size());
        Instant now = clock.instant();
        result.inserted().forEach(coupon -> lag.record(Duration.between(coupon.issuedAt(), now)));
        return result;
    }

    /**
     * The same of a coupon of an epoch that is over.
     *
     * @return whether it is recorded now
     */
    boolean revive(IssuedCoupon coupon, Vacancy vacancy) {
        boolean revived = ledger.revive(coupon, vacancy);
        if (revived) {
            recorded.increment();
            lag.record(Duration.between(coupon.issuedAt(), clock.instant()));
        }
        return revived;
    }

    @Override
    public List<Issuance> list(CampaignId campaign, IssuanceFilter filter, long after, int limit) {
        return ledger.page(campaign, filter, after, limit);
    }

    @Override
    public long recorded(CampaignId campaign) {
        IssuanceCount count = ledger.count(campaign);
        return count.recorded() + count.voided();
    }

    @Override
    public IssuanceCount count(CampaignId campaign) {
        return ledger.count(campaign);
    }
}
