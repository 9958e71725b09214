package com.coupon.persistence.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.Campaigns;
import com.coupon.IntegrationTest;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.issuance.spi.LedgerProgress;
import com.coupon.issuance.spi.LedgerRecovery.RecordedCoupon;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the ledger does for a rebuild, with a real topic and a real database. */
@IntegrationTest
class LedgerRecoveryIT {

    private static final String TOPIC = "coupon.issued";

    @Autowired private LedgerRecovering recovery;
    @Autowired private LedgerProgress progress;
    @Autowired private KafkaTemplate<String, byte[]> kafka;
    @Autowired private KafkaListenerEndpointRegistry listeners;
    @Autowired private ManageCampaigns campaigns;
    @Autowired private MeterRegistry meters;
    @Autowired private JdbcClient jdbc;
    @Autowired private PlatformTransactionManager transactions;

    private final Campaign campaign = Campaigns.draft(Campaigns.newId(), 10_000);

    @BeforeEach
    void aCampaign() {
        campaigns.create(campaign);
    }

    @AfterEach
    void startTheListener() {
        if (!listener().isRunning()) {
            listener().start();
        }
    }

    private MessageListenerContainer listener() {
        return Objects.requireNonNull(listeners.getListenerContainer("ledger"));
    }

    private IssuedCoupon coupon(long serial, String member, long epoch) {
        String code = UUID.randomUUID().toString().replace("-", "").substring(0, 20);
        return new IssuedCoupon(
                campaign.id(),
                new MemberId(member),
                serial,
                new CouponCode(code),
                Instant.ofEpochMilli(1_767_323_045_678L),
                epoch);
    }

    private IssuedCoupon coupon(long serial) {
        return coupon(serial, "m" + serial, 1);
    }

    private List<IssuedCoupon> coupons(long first, long last) {
        return LongStream.rangeClosed(first, last).mapToObj(this::coupon).toList();
    }

    private CompletableFuture<?> send(IssuedCoupon coupon) {
        String event =
                """
                {"version":1,"campaignId":"%s","epoch":%d,"serial":%d,"memberId":"%s","couponCode":"%s","issuedAt":%d}\
                """
                        .formatted(
                                coupon.campaign(),
                                coupon.epoch(),
                                coupon.serial(),
                                coupon.member().value(),
                                coupon.code().value(),
                                coupon.issuedAt().toEpochMilli());
        return kafka.send(TOPIC, coupon.member().value(), event.getBytes(StandardCharsets.UTF_8));
    }

    private void publish(List<IssuedCoupon> coupons) {
        List<CompletableFuture<?>> sent = new ArrayList<>();
        coupons.forEach(coupon -> sent.add(send(coupon)));
        sent.forEach(CompletableFuture::join);
    }

    private List<IssuedCoupon> recorded() {
        return recovery.recorded(campaign.id(), 0, 20_000).stream()
                .map(RecordedCoupon::coupon)
                .toList();
    }

    private List<String> winners() {
        return recorded().stream()
                .map(coupon -> coupon.serial() + " " + coupon.member().value())
                .toList();
    }

    private long settleAndRaiseTheEpoch(long fence) {
        return new TransactionTemplate(transactions)
                .execute(transaction -> {
                    long highest = recovery.settle(campaign.id(), fence);
                    jdbc.sql("UPDATE campaigns SET epoch = epoch + 1 WHERE id = ?")
                            .param(campaign.id().value())
                            .update();
                    return highest;
                });
    }

    private double leftOut(String reason) {
        return meters.get("coupon.ledger.left.out").tag("reason", reason).counter().count();
    }

    @Test
    void whatRedisStillHasIsRecordedButForWhatCannotBe() {
        List<IssuedCoupon> fine = coupons(1, 2_500);
        recovery.record(campaign.id(), fine.subList(0, 10));
        List<IssuedCoupon> told = new ArrayList<>(fine);
        told.add(7, coupon(3, "eve", 1));
        told.add(1_200, coupon(10_001, "beyond-the-stock", 1));
        double conflicts = leftOut("CONFLICT");
        double refused = leftOut("REFUSED");

        List<IssuedCoupon> back = recovery.record(campaign.id(), told);
        recovery.record(campaign.id(), List.of());
        assertThat(back).hasSize(2);
        assertThat(recovery.recordLast(back)).isEqualTo(back);

        assertThat(recorded()).isEqualTo(fine);
        assertThat(leftOut("CONFLICT")).isEqualTo(conflicts + 1);
        assertThat(leftOut("REFUSED")).isEqualTo(refused + 1);
    }

    @Test
    void whatRedisHasOfAnEpochThatIsOverTakesAFreeSerialAfterWhatWasPublished() {
        recovery.record(campaign.id(), coupons(1, 2));
        settleAndRaiseTheEpoch(0);
        listener().stop();
        List<IssuedCoupon> left = List.of(coupon(3, "told", 1), coupon(4, "contested", 1));
        publish(List.of(coupon(4, "present", 2)));

        assertThat(recovery.record(campaign.id(), left)).isEqualTo(left);
        recovery.catchUp(campaign.id(), 0);
        assertThat(recovery.recordLast(left)).containsExactly(left.get(1));

        assertThat(winners()).containsExactly("1 m1", "2 m2", "3 told", "4 present");
        assertThat(recovery.record(campaign.id(), left.subList(0, 1))).as("it is there").isEmpty();
    }

    @Test
    void whatWasPublishedIsInTheLedgerAfterCatchingUpWhileTheListenerIsAtIt() throws Exception {
        List<IssuedCoupon> coupons = coupons(1, 5_000);
        double conflicts = meters.get("coupon.ledger.conflicts").counter().count();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int half = 0; half < 2; half++) {
                publish(coupons.subList(2_500 * half, 2_500 * (half + 1)));
                Future<?> another = threads.submit(() -> recovery.catchUp(campaign.id(), 0));
                recovery.catchUp(campaign.id(), 0);
                assertThat(recorded()).isEqualTo(coupons.subList(0, 2_500 * (half + 1)));
                another.get(30, TimeUnit.SECONDS);
            }
        }

        assertThat(meters.get("coupon.ledger.conflicts").counter().count()).isEqualTo(conflicts);
    }

    @Test
    void catchingUpNeedsNoListener() {
        listener().stop();
        List<IssuedCoupon> coupons = coupons(1, 1_500);
        publish(coupons);
        kafka.send(TOPIC, "no coupon".getBytes(StandardCharsets.UTF_8)).join();
        assertThat(recorded()).isEmpty();

        recovery.catchUp(campaign.id(), 0);
        recovery.catchUp(campaign.id(), 0);

        assertThat(recorded()).isEqualTo(coupons);
    }

    @Test
    void aLateEventTakesItsSerialIfThatIsVoidOrFreeAtLast() {
        recovery.record(campaign.id(), coupons(1, 2));
        assertThat(settleAndRaiseTheEpoch(4)).isEqualTo(4);
        listener().stop();
        IssuedCoupon lost = coupon(3, "lost", 1);
        IssuedCoupon beyond = coupon(6, "beyond", 1);
        IssuedCoupon contested = coupon(5, "late", 1);
        IssuedCoupon present = coupon(5, "present", 2);
        publish(List.of(contested, lost, beyond, present));

        recovery.catchUp(campaign.id(), 0);

        assertThat(winners()).containsExactly("1 m1", "2 m2", "3 lost", "5 present", "6 beyond");
        assertThat(settleAndRaiseTheEpoch(0)).isEqualTo(6);
        recovery.record(campaign.id(), List.of(lost, beyond));
        assertThat(winners()).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    late      , fence , recorded
                    90        ,   0   , 1 2
                    90        ,  50   , 1 2
                    90        ,  90   , 1 2 90
                    4         ,   0   , 1 2 4
                    5         ,   0   , 1 2
                    5 6       ,   0   , 1 2 5 6
                    3 5 90    ,   0   , 1 2 3 5\
                    """)
    void lateEventsTakeFreeSerialsOnlyAsFarAsTheyAreNotFewerThanThoseThatBecomeVoid(
            String late, long fence, String expected) {
        recovery.record(campaign.id(), coupons(1, 2));
        settleAndRaiseTheEpoch(0);
        listener().stop();
        publish(
                Arrays.stream(late.split(" "))
                        .map(serial -> coupon(Long.parseLong(serial), "late" + serial, 1))
                        .toList());

        recovery.catchUp(campaign.id(), fence);

        assertThat(recorded().stream().map(coupon -> Long.toString(coupon.serial())))
                .containsExactly(expected.split(" "));
    }

    @Test
    void whatRedisHasFromAnEpochThatIsOverTakesAVoidSerialAtOnceAndStandsBackFromAFreeOne() {
        assertThat(settleAndRaiseTheEpoch(2)).isEqualTo(2);
        double late = leftOut("LATE");
        List<IssuedCoupon> left =
                List.of(coupon(2, "ann", 1), coupon(3, "bob", 1), coupon(4, "cid", 2));

        assertThat(recovery.record(campaign.id(), left))
                .as("stand back")
                .containsExactly(left.get(1));

        assertThat(winners()).containsExactly("2 ann", "4 cid");
        assertThat(leftOut("LATE")).as("nothing is given up yet").isEqualTo(late);
        double conflicts = leftOut("CONFLICT");
        assertThat(recovery.recordLast(List.of(coupon(3, "ann", 1)))).hasSize(1);
        assertThat(leftOut("CONFLICT")).isEqualTo(conflicts + 1);
    }

    @Test
    void aCouponThatIsNotedToBeTakenBackCountsAsRevokedAlready() {
        recovery.record(campaign.id(), coupons(1, 3));
        jdbc.sql(
                        """
                        INSERT INTO revocations (campaign_id, serial, reason, return_to_stock, completed_at)
                        VALUES (?, 2, 'a test', false, now())
                        """)
                .param(campaign.id().value())
                .update();

        assertThat(recovery.recorded(campaign.id(), 0, 10))
                .extracting(RecordedCoupon::revoked)
                .containsExactly(false, true, false);
    }

    @Test
    void aDeadLetterIsRecordedIfItFitsByNow() {
        recovery.record(campaign.id(), List.of(coupon(1, "ann", 1)));
        settleAndRaiseTheEpoch(2);

        assertThat(recovery.recordLast(List.of(coupon(2, "bob", 1)))).isEmpty();
        assertThat(recovery.recordLast(List.of(coupon(3, "cid", 1)))).isEmpty();
        assertThat(recovery.recordLast(List.of(coupon(1, "eve", 1)))).hasSize(1);
        assertThat(recovery.recordLast(List.of(coupon(4, "ann", 1)))).hasSize(1);
        assertThat(recovery.recordLast(List.of(coupon(10_001, "dan", 1)))).hasSize(1);
        assertThat(settleAndRaiseTheEpoch(0)).isEqualTo(3);
    }

    @Test
    void aCampaignWithoutARowIsSettledAndListed() {
        recovery.catchUp(campaign.id(), 0);

        assertThat(recorded()).isEmpty();
        assertThat(settleAndRaiseTheEpoch(0)).isZero();
        assertThat(settleAndRaiseTheEpoch(3)).isEqualTo(3);
        assertThat(recorded()).isEmpty();
    }

    @Test
    void theLedgerHasComeToTheEndWhereWhatItLacksIsVoid() {
        recovery.record(campaign.id(), coupons(1, 2));
        assertThat(progress.recorded(campaign.id())).isEqualTo(2);

        settleAndRaiseTheEpoch(5);

        assertThat(progress.recorded(campaign.id())).isEqualTo(5);
    }

    @Test
    void pagesSayWhatWasRevoked() {
        List<IssuedCoupon> coupons = coupons(1, 3);
        recovery.record(campaign.id(), coupons);
        jdbc.sql(
                        "UPDATE coupon_issuances SET status = 'REVOKED' WHERE campaign_id = ? AND serial = 2")
                .param(campaign.id().value())
                .update();

        assertThat(recovery.recorded(campaign.id(), 1, 1))
                .containsExactly(new RecordedCoupon(coupons.get(1), true));
        assertThat(recovery.recorded(campaign.id(), 2, 5))
                .containsExactly(new RecordedCoupon(coupons.get(2), false));
    }

    @Test
    void aDatabaseThatIsAwayIsToldOfAndAskingAgainIsSafe() {
        List<IssuedCoupon> coupons = coupons(1, 3);
        listener().stop();
        publish(coupons);
        jdbc.sql("ALTER TABLE coupon_issuances RENAME TO coupon_issuances_away").update();
        try {
            assertThatThrownBy(() -> recovery.catchUp(campaign.id(), 0))
                    .isInstanceOf(DataAccessException.class);
        } finally {
            jdbc.sql("ALTER TABLE coupon_issuances_away RENAME TO coupon_issuances").update();
        }

        recovery.catchUp(campaign.id(), 0);

        assertThat(recorded()).isEqualTo(coupons);
    }
}
