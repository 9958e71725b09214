package com.coupon.persistence.adapter.out.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.IntegrationTest;
import com.coupon.LedgerRows;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.domain.IssuanceFilter;
import com.coupon.persistence.domain.Recorded;
import com.coupon.persistence.domain.UnrecordableException;
import com.coupon.persistence.domain.UnrecordableException.Reason;
import com.coupon.persistence.port.out.Ledger;
import com.coupon.persistence.port.out.Ledger.Vacancy;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a rebuild does to the ledger, and to those that record meanwhile, on a real PostgreSQL. */
@IntegrationTest
class JdbcLedgerRebuildIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    @Autowired private Ledger ledger;
    @Autowired private ManageCampaigns campaigns;
    @Autowired private JdbcClient jdbc;
    @Autowired private PlatformTransactionManager transactions;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Campaign campaign = Campaigns.draft(Campaigns.newId(), 10);

    @BeforeEach
    void aCampaignOfTen() {
        campaigns.create(campaign);
    }

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    private IssuedCoupon coupon(long serial, String member, long epoch) {
        String code = UUID.randomUUID().toString().replace("-", "").substring(0, 20);
        return new IssuedCoupon(
                campaign.id(),
                new MemberId(member),
                serial,
                new CouponCode(code),
                Instant.parse("2026-01-02T03:04:05.678Z"),
                epoch);
    }

    private List<IssuedCoupon> stored() {
        return ledger.page(campaign.id(), IssuanceFilter.ALL, 0, 10_000).stream()
                .map(Issuance::coupon)
                .toList();
    }

    private List<Long> voids() {
        return jdbc.sql("SELECT serial FROM voided_serials WHERE campaign_id = ? ORDER BY serial")
                .param(campaign.id().value())
                .query((row, number) -> row.getLong("serial"))
                .list();
    }

    private <T> T inTransaction(Callable<T> work) {
        return new TransactionTemplate(transactions)
                .execute(transaction -> {
                    try {
                        return work.call();
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    private void lockCampaign() {
        jdbc.sql("SELECT id FROM campaigns WHERE id = ? FOR UPDATE")
                .param(campaign.id().value())
                .query(String.class)
                .single();
    }

    private void raiseEpoch() {
        jdbc.sql("UPDATE campaigns SET epoch = epoch + 1 WHERE id = ?")
                .param(campaign.id().value())
                .update();
    }

    private long settle(long fence) {
        return inTransaction(() -> ledger.settle(campaign.id(), fence));
    }

    private int insertByHand(IssuedCoupon coupon) {
        return jdbc.sql(
                        """
                        INSERT INTO coupon_issuances
                            (campaign_id, serial, member_id, code, epoch, issued_at, status)
                        VALUES (?, ?, ?, ?, ?, now(), 'ISSUED')
                        """)
                .param(coupon.campaign().value())
                .param(coupon.serial())
                .param(coupon.member().value())
                .param(coupon.code().value())
                .param(coupon.epoch())
                .update();
    }

    private void awaitSomebodyWhoWaits() {
        await().atMost(SOON)
                .until(() ->
                        jdbc.sql(
                                        """
                                        SELECT EXISTS (SELECT FROM pg_stat_activity
                                                       WHERE wait_event_type = 'Lock')
                                        """)
                                .query(Boolean.class)
                                .single());
    }

    /**
     * Adds a coupon while another transaction holds the campaign and does something in between.
     *
     * @return what became of the addition
     */
    private Future<Recorded> addDuring(IssuedCoupon coupon, Runnable rebuild) {
        return inTransaction(() -> {
            lockCampaign();
            Future<Recorded> adding = threads.submit(() -> ledger.add(List.of(coupon)));
            awaitSomebodyWhoWaits();
            rebuild.run();
            assertThat(adding).isNotDone();
            return adding;
        });
    }

    @Test
    void whoeverRecordsDuringARebuildIsJudgedByTheNewEpoch() {
        Future<Recorded> adding = addDuring(coupon(1, "ann", 1), this::raiseEpoch);

        assertThatThrownBy(() -> adding.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        UnrecordableException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.LATE));
        assertThat(stored()).isEmpty();
    }

    @Test
    void whatARebuildRecordsMeanwhileIsADuplicate() throws Exception {
        IssuedCoupon ann = coupon(1, "ann", 1);

        Future<Recorded> adding =
                addDuring(
                        ann,
                        () -> {
                            insertByHand(ann); // somebody with the row in hands would deadlock now
                            ledger.settle(campaign.id(), 3);
                            raiseEpoch();
                        });

        assertThat(adding.get(10, TimeUnit.SECONDS))
                .isEqualTo(new Recorded(List.of(), 1, List.of()));
        assertThat(voids()).containsExactly(2L, 3L);
    }

    @Test
    void whatARebuildVoidsMeanwhileIsRefused() {
        Future<Recorded> adding =
                addDuring(coupon(2, "ann", 1), () -> ledger.settle(campaign.id(), 3));

        assertThatThrownBy(() -> adding.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        UnrecordableException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED));
        assertThat(stored()).isEmpty();
    }

    @Test
    void whoeverHadTheRowInHandsBeforeTheCampaignWouldDeadlock() {
        IssuedCoupon ann = coupon(1, "ann", 1);

        Throwable failure =
                catchThrowable(() ->
                        inTransaction(
                                        () -> {
                                            lockCampaign();
                                            Future<Integer> adding =
                                                    threads.submit(() -> insertByHand(ann));
                                            awaitSomebodyWhoWaits();
                                            insertByHand(ann);
                                            return adding;
                                        })
                                .get(10, TimeUnit.SECONDS));

        assertThat(failure.getCause() instanceof PessimisticLockingFailureException e ? e : failure)
                .isInstanceOf(PessimisticLockingFailureException.class);
    }

    @Test
    void gapsUpToTheHighestRowAreVoid() {
        ledger.add(List.of(coupon(2, "ann", 1), coupon(5, "bob", 1), coupon(6, "cid", 1)));

        assertThat(settle(0)).isEqualTo(6);
        assertThat(voids()).containsExactly(1L, 3L, 4L);
    }

    @Test
    void gapsUpToTheFenceAreVoidAndStaySo() {
        ledger.add(List.of(coupon(2, "ann", 1)));

        assertThat(settle(4)).isEqualTo(4);
        assertThat(settle(0)).isEqualTo(4);
        assertThat(voids()).containsExactly(1L, 3L, 4L);
        assertThat(settle(5)).isEqualTo(5);
        assertThat(voids()).containsExactly(1L, 3L, 4L, 5L);
    }

    @Test
    void aFenceBeyondWhatThereIsToIssueIsCutToIt() {
        assertThat(settle(1_000)).isEqualTo(10);
        assertThat(voids()).hasSize(10);
    }

    @Test
    void ofACampaignThatIssuedNothingNothingIsVoid() {
        assertThat(settle(0)).isZero();
        assertThat(voids()).isEmpty();
        assertThat(inTransaction(() -> ledger.settle(new CampaignId("no-such"), 3))).isZero();
    }

    @Test
    void settlingNeedsTheTransactionOfARebuild() {
        assertThatThrownBy(() -> ledger.settle(campaign.id(), 0))
                .isInstanceOf(IllegalTransactionStateException.class);
    }

    @Test
    void aHundredThousandRowsAreSettledInAMoment() {
        var large = new CampaignId(new LedgerRows(jdbc).insert(100_000));
        jdbc.sql("DELETE FROM coupon_issuances WHERE campaign_id = ? AND serial % 1000 = 1")
                .param(large.value())
                .update();

        assertThat(inTransaction(() -> ledger.settle(large, 100_010))).isEqualTo(100_010);

        assertThat(
                        jdbc.sql("SELECT count(*) FROM voided_serials WHERE campaign_id = ?")
                                .param(large.value())
                                .query(Long.class)
                                .single())
                .isEqualTo(110);
    }

    @Test
    void aLateCouponTakesItsVoidSerialAndItsRedeliveryIsADuplicate() {
        IssuedCoupon ann = coupon(2, "ann", 1);
        settle(3);
        inTransaction(() -> {
            raiseEpoch();
            return true;
        });

        assertThat(ledger.revive(ann, Vacancy.VOID)).isTrue();

        assertThat(stored()).containsExactly(ann.withEpoch(2));
        assertThat(voids()).containsExactly(1L, 3L);
        assertThat(ledger.add(List.of(ann))).isEqualTo(new Recorded(List.of(), 1, List.of()));
        assertThat(ledger.revive(ann, Vacancy.VOID)).isTrue();
        assertThat(settle(0)).isEqualTo(3);
    }

    @Test
    void aSerialThatIsMerelyFreeIsNotForRevivalUnlessAskedFor() {
        IssuedCoupon ann = coupon(7, "ann", 1);
        raiseEpoch();

        assertThat(ledger.revive(ann, Vacancy.VOID)).isFalse();
        assertThat(ledger.revive(ann, Vacancy.VOID_OR_FREE)).isTrue();
        assertThat(settle(0)).isEqualTo(7);
    }

    @Test
    void whoeverHasACouponOrStandsInTheWayKeepsALateOneOut() {
        IssuedCoupon ann = coupon(1, "ann", 1);
        ledger.add(List.of(ann));
        settle(3);
        raiseEpoch();

        assertThat(ledger.revive(coupon(1, "bob", 1), Vacancy.VOID_OR_FREE)).isFalse();
        assertThat(ledger.revive(coupon(2, "ann", 1), Vacancy.VOID_OR_FREE)).isFalse();
        assertThat(ledger.revive(coupon(11, "bob", 1), Vacancy.VOID_OR_FREE)).isFalse();
        assertThat(ledger.revive(coupon(2, "bob", 9), Vacancy.VOID_OR_FREE)).isFalse();
        assertThat(
                        ledger.revive(
                                new IssuedCoupon(
                                        campaign.id(),
                                        new MemberId("bob"),
                                        2,
                                        ann.code(),
                                        ann.issuedAt(),
                                        1),
                                Vacancy.VOID_OR_FREE))
                .isFalse();
        assertThat(stored()).containsExactly(ann);
        assertThat(voids()).containsExactly(2L, 3L);
    }

    @Test
    void aRevivalThatFailsLeavesTheTransactionOfItsCallerAsItWas() {
        settle(2);
        IssuedCoupon ann = coupon(1, "ann", 1);

        inTransaction(() -> {
            assertThat(ledger.revive(ann, Vacancy.VOID)).isTrue();
            assertThat(ledger.revive(coupon(2, "ann", 1), Vacancy.VOID)).isFalse();
            return true;
        });

        assertThat(stored()).containsExactly(ann);
        assertThat(voids()).containsExactly(2L);
    }
}
