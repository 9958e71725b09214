package com.coupon.persistence.adapter.out.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.IntegrationTest;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.port.in.ManageCampaigns;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the database refuses by itself, also when somebody types it by hand. */
@IntegrationTest
class LedgerConstraintsIT {

    @Autowired private JdbcClient jdbc;
    @Autowired private ManageCampaigns campaigns;
    @Autowired private PlatformTransactionManager transactions;

    private final Campaign campaign = Campaigns.draft(Campaigns.newId(), 2);

    @BeforeEach
    void aCampaignOfTwoWithOneIssued() {
        campaigns.create(campaign);
        insert("1", "ann", code("a"), "1", "ISSUED");
    }

    /** A code that no other campaign uses. */
    private String code(String digit) {
        String id = campaign.id().value().replace("-", "");
        return digit + id.substring(1, 20);
    }

    private int insert(String serial, String member, String code, String epoch, String status) {
        return jdbc.sql(
                        """
                        INSERT INTO coupon_issuances (campaign_id, serial, member_id, code, epoch, issued_at, status)
                        VALUES (:campaign, :serial, :member, :code, :epoch, now(), :status)
                        """)
                .param("campaign", campaign.id().value())
                .param("serial", Long.parseLong(serial))
                .param("member", member)
                .param("code", code)
                .param("epoch", Long.parseLong(epoch))
                .param("status", status)
                .update();
    }

    @Test
    void aSecondCouponIsRecorded() {
        assertThat(insert("2", "bob", code("b"), "1", "ISSUED")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    serial , member      , code , epoch , status  , refused by
                    1      , bob         , b    , 1     , ISSUED  , coupon_issuances_pkey
                    2      , ann         , b    , 1     , ISSUED  , coupon_issuances_campaign_id_member_id_key
                    2      , bob         , a    , 1     , ISSUED  , coupon_issuances_code_key
                    3      , bob         , b    , 1     , ISSUED  , is beyond its stock
                    0      , bob         , b    , 1     , ISSUED  , coupon_issuances_serial_check
                    2      , 'b ob'      , b    , 1     , ISSUED  , coupon_issuances_member_id_check
                    2      , ''          , b    , 1     , ISSUED  , coupon_issuances_member_id_check
                    2      , bob         , B    , 1     , ISSUED  , coupon_issuances_code_check
                    2      , bob         , b    , 0     , ISSUED  , coupon_issuances_epoch_check
                    2      , bob         , b    , 1     , LOST    , coupon_issuances_status_check\
                    """)
    void aRowThatCannotBeIsRefused(
            String serial,
            String member,
            String code,
            String epoch,
            String status,
            String refusedBy) {
        assertThatThrownBy(() -> insert(serial, member, code(code), epoch, status))
                .hasMessageContaining(refusedBy);
    }

    private void raiseEpoch(long epoch) {
        jdbc.sql("UPDATE campaigns SET epoch = :epoch WHERE id = :id")
                .param("epoch", epoch)
                .param("id", campaign.id().value())
                .update();
    }

    private int makeVoid(long serial) {
        return jdbc.sql("INSERT INTO voided_serials VALUES (:id, :serial, 1)")
                .param("id", campaign.id().value())
                .param("serial", serial)
                .update();
    }

    private int update(String change) {
        return jdbc.sql("UPDATE coupon_issuances SET " + change + " WHERE campaign_id = :id")
                .param("id", campaign.id().value())
                .update();
    }

    @Test
    void aNewRowOfAnEpochThatIsOverIsRefused() {
        raiseEpoch(2);

        assertThatThrownBy(() -> insert("2", "bob", code("b"), "1", "ISSUED"))
                .hasMessageContaining("epoch_not_over");
        assertThat(insert("2", "bob", code("b"), "2", "ISSUED")).isEqualTo(1);
    }

    @Test
    void aRowOfAnEpochThatIsOverIsStillRevoked() {
        raiseEpoch(2);

        assertThat(update("status = 'REVOKED'")).isEqualTo(1);
    }

    @Test
    void withoutTheTriggerARowOfAnEpochThatIsOverSlipsIn() {
        raiseEpoch(2);
        jdbc.sql("ALTER TABLE coupon_issuances DISABLE TRIGGER rows_as_their_campaign_allows")
                .update();
        try {
            assertThat(insert("2", "bob", code("b"), "1", "ISSUED")).isEqualTo(1);
        } finally {
            jdbc.sql("ALTER TABLE coupon_issuances ENABLE TRIGGER rows_as_their_campaign_allows")
                    .update();
        }
    }

    @Test
    void anEpochDoesNotSink() {
        raiseEpoch(3);

        assertThatThrownBy(() -> raiseEpoch(2)).hasMessageContaining("epoch_not_sinking");
        assertThatCode(() -> raiseEpoch(3)).doesNotThrowAnyException();
    }

    @Test
    void aRevokedCouponStaysRevoked() {
        setStatus("REVOKED");

        assertThatThrownBy(() -> setStatus("ISSUED")).hasMessageContaining("revoked_stays_revoked");
        assertThatCode(() -> setStatus("REVOKED")).doesNotThrowAnyException();
    }

    private void setStatus(String status) {
        jdbc.sql("UPDATE coupon_issuances SET status = ? WHERE campaign_id = ? AND serial = 1")
                .param(status)
                .param(campaign.id().value())
                .update();
    }

    @Test
    void aRowOfAVoidSerialIsRefusedUnlessTheVoidIsLiftedFirst() {
        makeVoid(2);

        assertThatThrownBy(() -> insert("2", "bob", code("b"), "1", "ISSUED"))
                .hasMessageContaining("serial_not_voided");
        assertThatThrownBy(() -> update("serial = 2")).hasMessageContaining("serial_not_voided");
        new TransactionTemplate(transactions)
                .executeWithoutResult(transaction -> {
                    jdbc.sql("DELETE FROM voided_serials WHERE campaign_id = :id")
                            .param("id", campaign.id().value())
                            .update();
                    assertThat(insert("2", "bob", code("b"), "1", "ISSUED")).isEqualTo(1);
                });
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    serial , refused by
                    1      , void_not_issued
                    3      , void_within_stock
                    0      , voided_serials_serial_check\
                    """)
    void aVoidThatCannotBeIsRefused(long serial, String refusedBy) {
        assertThatThrownBy(() -> makeVoid(serial)).hasMessageContaining(refusedBy);
    }

    @Test
    void aSerialIsVoidOnceAndOfACampaignThatIsThere() {
        makeVoid(2);

        assertThatThrownBy(() -> makeVoid(2)).hasMessageContaining("voided_serials_pkey");
        assertThatThrownBy(() ->
                        jdbc.sql("INSERT INTO voided_serials VALUES ('no-such', 1, 1)").update())
                .hasMessageContaining("voided_serials_campaign_id_fkey");
        assertThatThrownBy(() ->
                        jdbc.sql("UPDATE voided_serials SET epoch = 0 WHERE campaign_id = :id")
                                .param("id", campaign.id().value())
                                .update())
                .hasMessageContaining("voided_serials_epoch_check");
        assertThatThrownBy(() ->
                        jdbc.sql("UPDATE voided_serials SET serial = 1 WHERE campaign_id = :id")
                                .param("id", campaign.id().value())
                                .update())
                .hasMessageContaining("void_not_issued");
    }

    @Test
    void theStockCannotSinkBelowWhatIsVoid() {
        makeVoid(2);

        assertThatThrownBy(() -> setQuantity(1))
                .hasMessageContaining("has issued more than 1 coupons");
    }

    @Test
    void aRowOfNoCampaignIsRefused() {
        assertThatThrownBy(() ->
                        jdbc.sql(
                                        """
                                        INSERT INTO coupon_issuances
                                        VALUES ('no-such', 1, 'ann', :code, 1, now(), 'ISSUED')
                                        """)
                                .param("code", code("c"))
                                .update())
                .hasMessageContaining("coupon_issuances_campaign_id_fkey");
    }

    @Test
    void aSerialCannotBeMovedBeyondTheStock() {
        assertThatThrownBy(() ->
                        jdbc.sql("UPDATE coupon_issuances SET serial = 3 WHERE campaign_id = :id")
                                .param("id", campaign.id().value())
                                .update())
                .hasMessageContaining("is beyond its stock");
    }

    @Test
    void theStockCannotSinkBelowWhatIsIssued() {
        insert("2", "bob", code("b"), "1", "ISSUED");

        assertThatThrownBy(() -> setQuantity(1))
                .hasMessageContaining("has issued more than 1 coupons");
        assertThatCode(() -> setQuantity(3)).doesNotThrowAnyException();
    }

    private void setQuantity(long quantity) {
        jdbc.sql("UPDATE campaigns SET quantity = :quantity WHERE id = :id")
                .param("quantity", quantity)
                .param("id", campaign.id().value())
                .update();
    }

    @Test
    void aCutAndARowThatDoNotSeeEachOtherCannotBothPass() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            aCutAndARowThatDoNotSeeEachOtherCannotBothPass(threads);
        }
    }

    private void aCutAndARowThatDoNotSeeEachOtherCannotBothPass(Executor threads) throws Exception {
        var inserted = new CountDownLatch(1);
        var mayCommit = new CountDownLatch(1);
        var insertion =
                CompletableFuture.runAsync(
                        () ->
                                new TransactionTemplate(transactions)
                                        .executeWithoutResult(status -> {
                                            insert("2", "bob", code("b"), "1", "ISSUED");
                                            inserted.countDown();
                                            awaitPatiently(mayCommit);
                                        }),
                        threads);
        awaitPatiently(inserted);
        var cut = CompletableFuture.runAsync(() -> setQuantity(1), threads);
        await().atMost(Duration.ofSeconds(10)).until(this::somebodyWaitsForALock);
        mayCommit.countDown();

        insertion.get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> cut.get(10, TimeUnit.SECONDS))
                .hasMessageContaining("has issued more than 1 coupons");
    }

    private boolean somebodyWaitsForALock() {
        return jdbc.sql(
                        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock')")
                .query(Boolean.class)
                .single();
    }

    private static void awaitPatiently(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            delimiter = '|',
            textBlock =
                    """
                    change                                  | refused by
                    quantity = 0                            | campaigns_quantity_check
                    returned = -1                           | campaigns_returned_check
                    closes_at = opens_at                    | campaigns_check
                    state = 'OPEN', armed = true            | campaigns_state_check
                    eligibility = 'SOME'                    | campaigns_eligibility_check
                    version = 0                             | campaigns_version_check
                    epoch = 0                               | campaigns_epoch_check
                    state = 'PUBLISHED', armed = false      | campaigns_check1
                    coupon_id = -1                          | campaigns_coupon_id_fkey
                    id = 'Not An Id'                        | campaigns_id_check\
                    """)
    void aCampaignThatCannotBeIsRefused(String change, String refusedBy) {
        assertThatThrownBy(() ->
                        jdbc.sql("UPDATE campaigns SET " + change + " WHERE id = :id")
                                .param("id", campaign.id().value())
                                .update())
                .hasMessageContaining(refusedBy);
    }
}
