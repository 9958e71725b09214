package com.coupon.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.Http;
import com.coupon.Http.Answer;
import com.coupon.IntegrationTest;
import com.coupon.reconciliation.Damage.Scene;
import com.coupon.reconciliation.domain.Run.Disposition;
import com.coupon.servers.RunningServers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;

/** Whatever is damaged by hand is found, called what it is, and mended where nobody loses by it. */
@IntegrationTest
@TestPropertySource(
        properties = {
            "coupon.reconciliation.grace-period=300ms",
            "coupon.reconciliation.poll-interval=50ms"
        })
class ReconciliationIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    @Autowired private PlatformTransactionManager transactions;

    private final String campaign = Campaigns.newId().value();
    private final Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()));
    private Http http = new Http(0);
    private Reconciliations reconciliations = new Reconciliations(http);
    private List<Answer> told = List.of();

    @BeforeEach
    void threeWinners() {
        http = new Http(port);
        reconciliations = new Reconciliations(http);
        http.open(campaign, 5);
        told = Stream.of("ann", "bob", "cid").map(member -> http.claim(campaign, member)).toList();
        await().atMost(LONG_ENOUGH).until(() -> rows() == 3);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private long rows() {
        return jdbc.sql("SELECT count(*) FROM coupon_issuances WHERE campaign_id = ?")
                .param(campaign)
                .query(Long.class)
                .single();
    }

    private Scene scene() {
        return new Scene(campaign, redis, jdbc, new TransactionTemplate(transactions));
    }

    private void awaitOld() {
        // what is younger than the grace period is on its way
        Duration grace = Duration.ofMillis(300);
        long last =
                told.stream()
                        .map(answer -> Instant.parse(answer.get("issuedAt")))
                        .mapToLong(Instant::toEpochMilli)
                        .max()
                        .orElseThrow();
        await().atMost(LONG_ENOUGH)
                .until(() -> System.currentTimeMillis() > last + grace.toMillis() + 100);
    }

    @Test
    void twoSidesThatAgreeGiveNoFinding() {
        JsonNode run = reconciliations.completed(campaign, "DETECT");

        assertThat(run.path("findings").asLong()).isZero();
        assertThat(run.path("winners").asLong()).isEqualTo(3);
        assertThat(run.path("rows").asLong()).isEqualTo(3);
        assertThat(run.path("requestedBy").asString("")).isEqualTo("ops");
        assertThat(reconciliations.findings(run)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void damageIsFoundAndCalledWhatItIsAndMendedWhereNobodyLosesByIt(Damage damage) {
        awaitOld();
        damage.plant(scene());

        JsonNode detected = reconciliations.completed(campaign, "DETECT");
        JsonNode found = only(detected);
        assertThat(found.path("kind").asString("")).isEqualTo(damage.kind().name());
        assertThat(found.path("detail").asString("")).isEqualTo(damage.detail());
        boolean quarantined = damage.disposition() == Disposition.QUARANTINED;
        assertThat(found.path("disposition").asString(""))
                .isEqualTo(quarantined ? "QUARANTINED" : "REPORTED");

        JsonNode repaired = reconciliations.completed(campaign, "REPAIR");
        assertThat(only(repaired).path("disposition").asString(""))
                .isEqualTo(damage.disposition().name());
        assertThat(repaired.path("repaired").asLong()).isEqualTo(quarantined ? 0 : 1);
        assertThat(repaired.path("quarantined").asLong()).isEqualTo(quarantined ? 1 : 0);

        await().atMost(LONG_ENOUGH)
                .until(() ->
                        http.admin("GET", "/campaigns/" + campaign + "/stats", "").status() == 200);
        JsonNode again = reconciliations.completed(campaign, "DETECT");
        assertThat(again.path("findings").asLong()).isEqualTo(quarantined ? 1 : 0);
        if (!quarantined && damage != Damage.REVOCATION_LOST) {
            for (Answer answer : told) {
                Answer now = http.find(campaign, answer.get("memberId"));
                assertThat(now.get("couponCode")).isEqualTo(answer.get("couponCode"));
                assertThat(now.get("serial")).isEqualTo(answer.get("serial"));
            }
        }
        if (!quarantined) {
            assertThat(audited("reconciliation.repaired")).isEqualTo(1);
        }
        assertThat(audited("reconciliation.requested")).isEqualTo(3);
    }

    private long audited(String action) {
        return jdbc.sql("SELECT count(*) FROM audit_log WHERE subject = ? AND action = ?")
                .param(campaign)
                .param(action)
                .query(Long.class)
                .single();
    }

    private JsonNode only(JsonNode run) {
        List<JsonNode> findings = reconciliations.findings(run);
        assertThat(findings).as(findings.toString()).hasSize(1);
        assertThat(run.path("findings").asLong()).isEqualTo(1);
        return findings.getFirst();
    }

    @Test
    void whoeverIsRestoredStillHearsOfARevocation() {
        http.revoke(campaign, 2, false);
        awaitOld();
        Damage.WINNER_LOST.plant(scene());

        reconciliations.completed(campaign, "REPAIR");

        assertThat(http.claim(campaign, "bob").get("code")).isEqualTo("revoked");
    }

    @Test
    void aCouponWhoseLetterIsOpenWaitsForAPerson() {
        awaitOld();
        Damage.ROW_LOST.plant(scene());
        jdbc.sql(
                        """
                        INSERT INTO dead_letters (topic, partition, record_offset, published_at, headers, campaign_id,
                                                  member_id, serial, epoch)
                        VALUES ('coupon.issued', 0, :offset, 1, '[]', :campaign, 'bob', 2, 1)
                        """)
                .param("offset", System.nanoTime())
                .param("campaign", campaign)
                .update();

        JsonNode found = only(reconciliations.completed(campaign, "REPAIR"));

        assertThat(found.path("disposition").asString("")).isEqualTo("QUARANTINED");
        assertThat(found.path("note").asString("")).contains("Dead letter");
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void aRunThatIsCancelledEnds() {
        awaitOld();
        Damage.ROW_LOST.plant(scene());
        String run = reconciliations.request(campaign, "REPAIR");

        Answer cancelled = http.admin("POST", run + "/cancel", "");

        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(reconciliations.awaitEnd(run).path("status").asString(""))
                .isEqualTo("CANCELLED");
        assertThat(http.admin("POST", run + "/cancel", "").get("status")).isEqualTo("CANCELLED");
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void aReportIsDownloadedWhole() {
        awaitOld();
        Damage.WINNER_BEYOND_THE_STOCK.plant(scene());
        JsonNode run = reconciliations.completed(campaign, "DETECT");
        String path = "/reconciliations/" + run.path("id").asLong();

        Answer json = http.admin("GET", path + "/report.json", "");
        assertThat(json.status()).isEqualTo(200);
        assertThat(json.header("Content-Disposition"))
                .isEqualTo(
                        "attachment; filename=\"reconciliation-%d.json\""
                                .formatted(run.path("id").asLong()));
        assertThat(json.json().path("reconciliation").path("findings").asLong()).isEqualTo(1);
        assertThat(
                        json.json()
                                .path("findings")
                                .path(0)
                                .path("redis")
                                .path("codeEnding")
                                .asString(""))
                .isEqualTo("aaaa");
        Answer csv = http.admin("GET", path + "/report.csv", "");
        assertThat(csv.header("Content-Type")).startsWith("text/csv");
        assertThat(csv.response().body().lines().toList())
                .hasSize(2)
                .element(1)
                .asString()
                .contains("\"OVERSOLD\"", "\"99\"", "\"zed\"", "\"QUARANTINED\"")
                .doesNotContain("a".repeat(20));
    }

    @Test
    void whatCannotBeComparedIsRefused() {
        assertThat(request("no-such", "DETECT").get("code")).isEqualTo("unknown-campaign");
        String draft = Campaigns.newId().value();
        http.create(draft, 5, "");
        assertThat(request(draft, "DETECT").status()).isEqualTo(409);
        assertThat(request(campaign, "MEND").status()).isEqualTo(400);
        assertThat(http.admin("GET", "/reconciliations/999999999", "").get("code"))
                .isEqualTo("unknown-reconciliation");
        awaitOld();
        Damage.ROW_LOST.plant(scene());
        String run = reconciliations.request(campaign, "DETECT");
        Answer second = request(campaign, "DETECT");
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.get("code")).isEqualTo("conflict");
        reconciliations.awaitEnd(run);
        List<String> listed =
                http.admin("GET", "/reconciliations?campaign=" + campaign, "")
                        .json()
                        .path("items")
                        .valueStream()
                        .map(item -> item.path("status").asString(""))
                        .toList();
        assertThat(listed).containsExactly("COMPLETED");
    }

    @Test
    void whatANodeThatDiedHasLeftIsEndedAsFailedOnceItsLockHasRunOut() {
        await().atMost(LONG_ENOUGH)
                .until(() ->
                        jdbc.sql(
                                                """
                                                UPDATE shedlock SET
                                                    locked_by = 'a node that died',
                                                    lock_until = timezone('utc', now()) + interval '3 s'
                                                WHERE name = 'reconciliation'
                                                  AND lock_until <= timezone('utc', now())
                                                """)
                                        .update()
                                == 1);
        long left =
                jdbc.sql(
                                """
                                INSERT INTO reconciliation_runs (campaign_id, mode, requested_by, status, started_at)
                                VALUES (?, 'REPAIR', 'ops', 'RUNNING', now()) RETURNING id
                                """)
                        .param(campaign)
                        .query(Long.class)
                        .single();
        String other = Campaigns.newId().value();
        http.open(other, 5);
        String next = reconciliations.request(other, "DETECT");
        assertThat(reconciliations.find(next).path("status").asString("")).isEqualTo("QUEUED");

        assertThat(reconciliations.awaitEnd(next).path("status").asString(""))
                .isEqualTo("COMPLETED");
        JsonNode ended = reconciliations.find("/reconciliations/" + left);
        assertThat(ended.path("status").asString("")).isEqualTo("FAILED");
        assertThat(ended.path("reason").asString("")).contains("gone");
    }

    private Answer request(String id, String mode) {
        return http.admin(
                "POST",
                "/reconciliations",
                "{\"campaignId\":\"%s\",\"mode\":\"%s\"}".formatted(id, mode));
    }
}
