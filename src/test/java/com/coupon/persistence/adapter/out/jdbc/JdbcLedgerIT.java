package com.coupon.persistence.adapter.out.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.IntegrationTest;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.domain.IssuanceFilter;
import com.coupon.persistence.domain.Recorded;
import com.coupon.persistence.domain.UnrecordableException;
import com.coupon.persistence.port.out.Ledger;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** How coupons come into the ledger, on a real PostgreSQL. */
@IntegrationTest
class JdbcLedgerIT {

    @Autowired private Ledger ledger;
    @Autowired private ManageCampaigns campaigns;
    @Autowired private JdbcClient jdbc;
    @Autowired private PlatformTransactionManager transactions;

    private final Campaign campaign = Campaigns.draft(Campaigns.newId(), 1_000);

    @BeforeEach
    void aCampaign() {
        campaigns.create(campaign);
    }

    private IssuedCoupon coupon(long serial, String member) {
        String code = UUID.randomUUID().toString().replace("-", "").substring(0, 20);
        return new IssuedCoupon(
                campaign.id(),
                new MemberId(member),
                serial,
                new CouponCode(code),
                Instant.parse("2026-01-02T03:04:05.678Z"),
                1);
    }

    private List<IssuedCoupon> stored() {
        return ledger.page(campaign.id(), IssuanceFilter.ALL, 0, 10_000).stream()
                .map(Issuance::coupon)
                .toList();
    }

    @Test
    void couponsAreRecordedAsTheyAre() {
        List<IssuedCoupon> coupons = List.of(coupon(2, "bob"), coupon(1, "ann"));

        assertThat(ledger.add(coupons).inserted()).containsExactlyInAnyOrderElementsOf(coupons);
        assertThat(stored()).containsExactly(coupons.get(1), coupons.get(0));
    }

    @Test
    void aCouponThatIsToldAgainIsADuplicateAndNoIncident() {
        IssuedCoupon ann = coupon(1, "ann");
        ledger.add(List.of(ann));

        assertThat(ledger.add(List.of(ann, coupon(2, "bob"), ann)))
                .returns(2, Recorded::duplicates)
                .returns(List.of(), Recorded::conflicts);
        assertThat(stored()).hasSize(2);
    }

    @Test
    void aCouponTwiceInOneBatchIsOneRow() {
        IssuedCoupon ann = coupon(1, "ann");

        assertThat(ledger.add(List.of(ann, ann)))
                .isEqualTo(new Recorded(List.of(ann), 1, List.of()));
    }

    @Test
    void aContradictionIsFoundAndTheOthersAreRecorded() {
        IssuedCoupon ann = coupon(1, "ann");
        ledger.add(List.of(ann));
        IssuedCoupon otherMember = coupon(1, "eve");
        IssuedCoupon otherSerial = coupon(2, "ann");
        IssuedCoupon sameCode =
                new IssuedCoupon(
                        campaign.id(), new MemberId("mal"), 3, ann.code(), ann.issuedAt(), 1);
        IssuedCoupon fine = coupon(4, "bob");

        Recorded recorded = ledger.add(List.of(otherMember, otherSerial, sameCode, fine, ann));

        assertThat(recorded.inserted()).containsExactly(fine);
        assertThat(recorded.conflicts())
                .containsExactlyInAnyOrder(otherMember, otherSerial, sameCode);
        assertThat(recorded.duplicates()).isEqualTo(1);
        assertThat(stored()).containsExactly(ann, fine);
    }

    @Test
    void oneBeyondTheStockSpoilsItsBatchAndNothingOfItIsRecorded() {
        assertThatThrownBy(() -> ledger.add(List.of(coupon(1, "ann"), coupon(1_001, "bob"))))
                .isInstanceOf(UnrecordableException.class);
        assertThat(stored()).isEmpty();
    }

    @Test
    void manyDeliveriesOfManyCouponsAtOnceAreOneRowEach() {
        List<IssuedCoupon> coupons =
                IntStream.rangeClosed(1, 1_000)
                        .mapToObj(serial -> coupon(serial, "m" + serial))
                        .toList();

        IntStream.range(0, 8)
                .parallel()
                .forEach(seed -> {
                    List<IssuedCoupon> shuffled = new ArrayList<>(coupons);
                    Collections.shuffle(shuffled, new Random(seed));
                    assertThat(ledger.add(shuffled).conflicts()).isEmpty();
                });

        assertThat(stored()).containsExactlyElementsOf(coupons);
    }

    @Test
    void aTransactionThatLosesADeadlockIsTriedAgain() throws Exception {
        IssuedCoupon ann = coupon(1, "ann");
        IssuedCoupon bob = coupon(2, "bob");
        long deadlocks = deadlocks();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Recorded> recording =
                    new TransactionTemplate(transactions)
                            .execute(rival -> {
                                insert(bob);
                                // records ann, then waits for the rival to end
                                Future<Recorded> added =
                                        threads.submit(() -> ledger.add(List.of(ann, bob)));
                                await().atMost(Duration.ofSeconds(10))
                                        .until(this::somebodyWaitsForARival);
                                insert(ann); // now each waits for the other
                                rival.setRollbackOnly();
                                return added;
                            });

            assertThat(recording.get(20, TimeUnit.SECONDS).inserted()).containsExactly(ann, bob);
        }
        assertThat(stored()).containsExactly(ann, bob);
        await().atMost(Duration.ofSeconds(10)).until(() -> deadlocks() > deadlocks);
    }

    private void insert(IssuedCoupon coupon) {
        jdbc.sql(
                        """
                        INSERT INTO coupon_issuances
                            (campaign_id, serial, member_id, code, epoch, issued_at, status)
                        VALUES (?, ?, ?, ?, 1, now(), 'ISSUED')
                        """)
                .param(coupon.campaign().value())
                .param(coupon.serial())
                .param(coupon.member().value())
                .param(coupon.code().value())
                .update();
    }

    private boolean somebodyWaitsForARival() {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT FROM pg_stat_activity
                                       WHERE wait_event_type = 'Lock' AND query LIKE '%unnest%')
                        """)
                .query(Boolean.class)
                .single();
    }

    private long deadlocks() {
        return jdbc.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
                .query(Long.class)
                .single();
    }

    @Test
    void pagesFollowEachOther() {
        ledger.add(List.of(coupon(1, "ann"), coupon(2, "bob"), coupon(3, "cid")));

        assertThat(ledger.page(campaign.id(), IssuanceFilter.ALL, 1, 1))
                .extracting(row -> row.coupon().serial())
                .containsExactly(2L);
    }
}
