package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.coupon.Http.Answer;
import com.coupon.servers.RunningServers;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** Coupons that are taken back from their winners. */
@IntegrationTest
class RevocationIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;

    private final String campaign = Campaigns.newId().value();
    private Http http = new Http(0);

    @BeforeEach
    void openACampaignOfOneAndHaveAnnWinIt() {
        http = new Http(port);
        http.open(campaign, 1);
        http.claim(campaign, "ann");
        await().atMost(SOON).until(() -> status("ann").equals("ISSUED"));
    }

    private String status(String member) {
        return jdbc.sql(
                        "SELECT status FROM coupon_issuances WHERE campaign_id = ? AND member_id = ?")
                .params(campaign, member)
                .query(String.class)
                .optional()
                .orElse("");
    }

    private static void isProblem(Answer answer, int status, String code) {
        assertThat(answer.get("code")).as(answer.response().body()).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void whoeverLosesHisCouponHearsSoAndItsPlaceIsLeftEmpty() {
        Answer revoked = http.revoke(campaign, 1, false);

        assertThat(revoked.status()).isEqualTo(200);
        assertThat(revoked.get("status")).isEqualTo("REVOKED");
        assertThat(revoked.get("memberId")).isEqualTo("ann");
        isProblem(http.claim(campaign, "ann"), 409, "revoked");
        isProblem(http.find(campaign, "ann"), 409, "revoked");
        isProblem(http.claim(campaign, "bob"), 409, "sold-out");
        assertThat(status("ann")).isEqualTo("REVOKED");
    }

    @Test
    void aCouponThatIsReturnedIsIssuedOnceMoreUnderANewSerial() {
        http.revoke(campaign, 1, true);

        Answer bob = http.claim(campaign, "bob");
        assertThat(bob.status()).isEqualTo(201);
        assertThat(bob.json().path("serial").asLong()).isEqualTo(2);
        isProblem(http.claim(campaign, "cid"), 409, "sold-out");
        isProblem(http.claim(campaign, "ann"), 409, "revoked");
        await().atMost(SOON).until(() -> status("bob").equals("ISSUED"));
    }

    @Test
    void askedAgainItIsDoneOnce() {
        Answer first = http.revoke(campaign, 1, true);
        Answer second = http.revoke(campaign, 1, true);

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.response().body()).isEqualTo(first.response().body());
        isProblem(http.revoke(campaign, 1, false), 409, "conflict");
        assertThat(http.view(campaign).json().path("remaining").asLong()).isEqualTo(1);
        assertThat(http.admin("GET", "/campaigns/" + campaign, "").json().path("returned").asLong())
                .isEqualTo(1);
    }

    @Test
    void whatTheLedgerDoesNotHaveCannotBeRevoked() {
        isProblem(http.revoke(campaign, 2, false), 404, "unknown-issuance");
        isProblem(http.revoke("no-such-campaign", 1, false), 404, "unknown-campaign");
        isProblem(http.revoke(campaign, 0, false), 400, "invalid-request");
        assertThat(http.claim(campaign, "ann").get("status")).isEqualTo("ALREADY_ISSUED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"reason\":\"r\"}",
                "{\"returnToStock\":true}",
                "{\"reason\":\" \",\"returnToStock\":true}",
                "{\"reason\":\"r\",\"returnToStock\":\"perhaps\"}"
            })
    void aRevocationThatMakesNoSenseIsRefused(String body) {
        isProblem(
                http.admin("POST", "/campaigns/" + campaign + "/issuances/1/revocation", body),
                400,
                "invalid-request");
        isProblem(
                http.admin("POST", "/campaigns/" + campaign + "/issuances/x/revocation", body),
                400,
                "invalid-request");
    }

    @Test
    void aRevocationThatWasCutShortIsCompleted() {
        // It was noted, and then the process died.
        jdbc.sql(
                        """
                        INSERT INTO revocations (campaign_id, serial, reason, return_to_stock)
                        VALUES (?, 1, 'A test', true)
                        """)
                .param(campaign)
                .update();

        await().atMost(SOON).until(() -> status("ann").equals("REVOKED"));
        isProblem(http.claim(campaign, "ann"), 409, "revoked");
        await().atMost(SOON)
                .until(() -> http.view(campaign).json().path("remaining").asLong() == 1);
        assertThat(http.claim(campaign, "bob").status()).isEqualTo(201);
        isProblem(http.claim(campaign, "cid"), 409, "sold-out");
    }

    @Test
    void aWinnerWhomRedisHasLostDoesNotWinTwiceByBeingRevoked() {
        try (Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
            redis.hdel("coupon:{" + campaign + "}:participants", "ann");
        }
        assertThat(http.revoke(campaign, 1, true).status()).isEqualTo(200);

        isProblem(http.claim(campaign, "ann"), 409, "revoked");
    }

    @Test
    void aWinnerWhoHoldsAnotherCouponInRedisIsAnIncident() {
        try (Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
            redis.hset(
                    "coupon:{" + campaign + "}:participants",
                    "ann",
                    "7:00112233445566778899:1700000000000:1:ISSUED");
        }
        isProblem(http.revoke(campaign, 1, true), 409, "conflict");
        assertThat(status("ann")).isEqualTo("ISSUED");
    }

    @Test
    void thoseThatCannotBeCompletedDoNotStandBeforeOthers() {
        String many = Campaigns.newId().value();
        http.open(many, 200);
        jdbc.sql(
                        """
                        INSERT INTO coupon_issuances (campaign_id, serial, member_id, code, epoch, issued_at, status)
                        SELECT :id, n, 'm' || n, substr(md5(:id || n), 1, 20), 1, now(), 'ISSUED'
                        FROM generate_series(1, 150) AS n
                        """)
                .param("id", many)
                .update();
        try (Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
            redis.hset("coupon:{" + many + "}:campaign", "issued", "150");
            redis.set("coupon:{" + many + "}:stock", "50");
            for (int n = 1; n < 150; n++) {
                redis.hset(
                        "coupon:{" + many + "}:participants",
                        "m" + n,
                        "199:00112233445566778899:1700000000000:1:ISSUED");
            }
        }
        jdbc.sql(
                        """
                        INSERT INTO revocations (campaign_id, serial, reason, return_to_stock)
                        SELECT :id, n, 'A test', false FROM generate_series(1, 150) AS n
                        """)
                .param("id", many)
                .update();

        await().atMost(SOON)
                .until(() ->
                        jdbc.sql(
                                        """
                                        SELECT status FROM coupon_issuances
                                        WHERE campaign_id = ? AND serial = 150
                                        """)
                                .param(many)
                                .query(String.class)
                                .single()
                                .equals("REVOKED"));
        jdbc.sql("UPDATE revocations SET completed_at = now() WHERE campaign_id = ?")
                .param(many)
                .update();
    }

    @Test
    void theDatabaseLetsNothingReturnThatWasNotRevoked() {
        assertThatThrownBy(() ->
                        jdbc.sql("UPDATE campaigns SET returned = 1 WHERE id = ?")
                                .param(campaign)
                                .update())
                .hasMessageContaining("more coupons returned than revoked");
    }

    @Test
    void theAuditLogCannotBeRewritten() {
        for (String statement :
                new String[] {
                    "UPDATE audit_log SET operator = 'nobody'",
                    "DELETE FROM audit_log",
                    "TRUNCATE audit_log"
                }) {
            assertThatThrownBy(() -> jdbc.sql(statement).update())
                    .hasMessageContaining("the audit log is not changed");
        }
    }

    @Test
    void anArchivedWinnerCanBeRevokedButNothingReturns() {
        http.step(campaign, "close");
        await().atMost(SOON).until(() -> http.step(campaign, "archive").status() == 200);

        assertThat(http.revoke(campaign, 1, true).status()).isEqualTo(200);

        isProblem(http.claim(campaign, "ann"), 409, "revoked");
        isProblem(http.claim(campaign, "bob"), 410, "archived");
    }
}
