package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Http.Answer;
import com.coupon.servers.RunningServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;

/** Members who are to be forgotten. */
@IntegrationTest
class ErasureIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    /** One run at a time, those of other tests first, and what is found is looked at twice. */
    private static final Duration RUN_WITHIN = Duration.ofMinutes(2);

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    @Autowired private KafkaTemplate<String, byte[]> kafka;

    private final String member = "member-" + UUID.randomUUID();
    private final String over = Campaigns.newId().value();
    private final String live = Campaigns.newId().value();
    private final Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()));
    private Http http = new Http(0);

    /** The member and bob have won; the ledger has both. */
    @BeforeEach
    void haveTheMemberWin() {
        http = new Http(port);
        http.open(over, 2);
        http.claim(over, member);
        http.claim(over, "bob");
        await().atMost(SOON).until(() -> rows(over).size() == 2);
    }

    @AfterEach
    void disconnect() {
        redis.close();
    }

    private void archive(String campaign) {
        http.step(campaign, "close");
        await().atMost(SOON).until(() -> http.step(campaign, "archive").status() == 200);
    }

    private List<String> erase() {
        Answer answer = http.admin("POST", "/erasures", "{\"memberId\":\"%s\"}".formatted(member));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.json().path("kept").valueStream().map(JsonNode::asString).toList();
    }

    /** Serial and code, in order. */
    private List<String> rows(String campaign) {
        return jdbc.sql(
                        "SELECT serial || ' ' || code FROM coupon_issuances WHERE campaign_id = ? ORDER BY serial")
                .param(campaign)
                .query((row, number) -> String.valueOf(row.getString(1)))
                .list();
    }

    private String ownerInLedger() {
        return jdbc.sql(
                        "SELECT member_id FROM coupon_issuances WHERE campaign_id = ? AND serial = 1")
                .param(over)
                .query(String.class)
                .single();
    }

    private String participants() {
        return "coupon:{" + over + "}:participants";
    }

    /** Tables in which the member stands anywhere, as text or as bytes, and in how many rows. */
    private Map<String, Long> mentions() {
        Map<String, Long> mentions = new TreeMap<>();
        String bytes = HexFormat.of().formatHex(member.getBytes(StandardCharsets.UTF_8));
        for (String table :
                jdbc.sql(
                                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
                        .query((row, number) -> String.valueOf(row.getString(1)))
                        .list()) {
            long rows =
                    jdbc.sql(
                                    "SELECT count(*) FROM %1$s WHERE %1$s::text LIKE ANY (ARRAY[?, ?])"
                                            .formatted(table))
                            .params("%" + member + "%", "%" + bytes + "%")
                            .query(Long.class)
                            .single();
            if (rows > 0) {
                mentions.put(table, rows);
            }
        }
        return mentions;
    }

    private List<String> audited() {
        return jdbc.sql(
                        "SELECT action || ' ' || after FROM audit_log WHERE subject = ? AND action LIKE '%.erased' ORDER BY id")
                .param(over)
                .query((row, number) -> String.valueOf(row.getString(1)))
                .list();
    }

    /** Another coupon of the member's, which the ledger refuses. */
    private void haveADeadLetter() {
        String event =
                """
                {"version":1,"campaignId":"%s","epoch":1,"serial":2,"memberId":"%s","couponCode":"%s","issuedAt":1767323045678}\
                """
                        .formatted(over, member, "a".repeat(20));
        kafka.send("coupon.issued", member, event.getBytes(StandardCharsets.UTF_8)).join();
        await().atMost(SOON).until(() -> mentions().containsKey("dead_letters"));
    }

    private void haveAFinding() {
        jdbc.sql(
                        """
                        WITH run AS (
                            INSERT INTO reconciliation_runs (campaign_id, mode, requested_by, status, started_at, finished_at)
                            VALUES (:campaign, 'DETECT', 'ops', 'COMPLETED', now(), now()) RETURNING id)
                        INSERT INTO reconciliation_findings (run_id, number, kind, member_id, redis, ledger, disposition, found_at)
                        SELECT id, 1, 'CONFLICT', :member, jsonb_build_object('memberId', :member::text),
                               jsonb_build_object('memberId', 'bob'), 'REPORTED', now()
                        FROM run
                        """)
                .param("campaign", over)
                .param("member", member)
                .update();
    }

    @Test
    void aMemberIsForgottenInAllThatIsOver() {
        haveADeadLetter();
        haveAFinding();
        http.create(live, 1, ",\"eligibility\":\"ALLOW_LIST\"");
        http.adminCsv("PUT", "/campaigns/" + live + "/eligible-members", member + "\n");
        archive(over);
        assertThat(mentions())
                .isEqualTo(
                        Map.of(
                                "coupon_issuances", 1L,
                                "dead_letters", 1L,
                                "eligible_members", 1L,
                                "reconciliation_findings", 1L));
        List<String> rows = rows(over);
        String record = redis.hget(participants(), member);

        assertThat(erase()).containsExactly(live);

        assertThat(mentions()).isEqualTo(Map.of("eligible_members", 1L));
        assertThat(redis.hget(participants(), member)).isNull();
        assertThat(redis.hget(participants(), ownerInLedger()))
                .as("both sides call him the same")
                .isEqualTo(record);
        assertThat(rows(over)).as("coupons stay issued").isEqualTo(rows);
        assertThat(http.claim(over, member).get("code")).isEqualTo("archived");
        assertThat(http.find(over, "bob").status()).isEqualTo(200);
        assertThat(audited())
                .hasSize(2)
                .satisfiesExactlyInAnyOrder(
                        entry ->
                                assertThat(entry)
                                        .startsWith("issuance.erased")
                                        .contains("\"serial\": 1"),
                        entry ->
                                assertThat(entry)
                                        .startsWith("dead-letter.erased")
                                        .contains("\"deadLetter\""));
        assertThat(
                        jdbc.sql(
                                        "SELECT status || ' ' || (value IS NULL) FROM dead_letters WHERE campaign_id = ?")
                                .param(over)
                                .query((row, number) -> String.valueOf(row.getString(1)))
                                .list())
                .containsExactly("DISCARDED true");

        assertThat(erase()).as("once more").containsExactly(live);
        assertThat(audited()).hasSize(2);
    }

    /** Otherwise he could win once more where coupons are left. */
    @Test
    void whereACampaignGoesOnHeIsKept() {
        assertThat(erase()).containsExactly(over);

        assertThat(http.claim(over, member).get("status")).isEqualTo("ALREADY_ISSUED");
        assertThat(ownerInLedger()).isEqualTo(member);

        archive(over);
        assertThat(erase()).isEmpty();
        assertThat(mentions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasCutShortIsCompletedByRepeating(boolean ledgerFirst) {
        archive(over);
        String record = redis.hget(participants(), member);
        erase();
        if (ledgerFirst) {
            redis.hdel(participants(), ownerInLedger());
            redis.hset(participants(), member, record);
        } else {
            new LedgerRows(jdbc).rename(over, 1, member);
        }

        assertThat(erase()).isEmpty();

        assertThat(mentions()).isEmpty();
        assertThat(redis.hget(participants(), member)).isNull();
        assertThat(redis.hget(participants(), ownerInLedger())).isEqualTo(record);
    }

    /** Kafka still knows the member when Redis is rebuilt. */
    @Test
    void aRebuildDoesNotBringHimBack() {
        archive(over);
        String record = redis.hget(participants(), member);
        erase();
        redis.del(participants());

        await().atMost(SOON).until(() -> redis.exists(participants()));
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(redis.hget(participants(), ownerInLedger())).isNotNull());
        assertThat(redis.hget(participants(), ownerInLedger())).isEqualTo(record);
        assertThat(redis.hget(participants(), member)).isNull();
        assertThat(mentions()).isEmpty();
    }

    @Test
    void bothSidesAgreeAfterwards() {
        archive(over);
        erase();
        assertThat(findings()).isZero();

        new LedgerRows(jdbc).rename(over, 1, "somebody");
        assertThat(findings()).as("the control").isPositive();
    }

    private long findings() {
        Answer asked =
                http.admin(
                        "POST",
                        "/reconciliations",
                        "{\"campaignId\":\"%s\",\"mode\":\"DETECT\"}".formatted(over));
        String run = asked.header("Location").replace("/api/v1/admin", "");
        return await().atMost(RUN_WITHIN)
                .until(
                        () -> http.admin("GET", run, "").json(),
                        it -> it.path("status").asString("").equals("COMPLETED"))
                .path("findings")
                .asLong();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"memberId\":\"\"}", "{\"memberId\":\"a b\"}"})
    void whoIsNobodyCannotBeForgotten(String body) {
        Answer answer = http.admin("POST", "/erasures", body);
        assertThat(answer.get("code")).as(answer.response().body()).isEqualTo("invalid-request");
        assertThat(answer.status()).isEqualTo(400);
    }
}
