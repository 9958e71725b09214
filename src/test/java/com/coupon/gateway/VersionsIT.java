package com.coupon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.Http;
import com.coupon.Http.Answer;
import com.coupon.gateway.ServiceNode.Version;
import com.coupon.servers.RunningServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/**
 * Two versions of the service beside each other, on the same Redis, Kafka and PostgreSQL. The older
 * one is the present one, and the newer one has another script that keeps more in Redis; or, where
 * {@code -Dcoupon.test.older=<extracted jar>} names one, the older one is that, and the newer one
 * the present one.
 */
class VersionsIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    /** One run at a time, and those of other tests come first. */
    private static final Duration RUN_WITHIN = Duration.ofMinutes(2);

    private static final String SCRIPT = "lua/claim_coupons.lua";
    private static final int COUPONS = 40;

    @TempDir Path folder = Path.of("");

    private final String campaign = Campaigns.newId().value();
    private final Map<String, Answer> winners = new LinkedHashMap<>();
    private ServiceNode older;
    private ServiceNode newer;

    @BeforeEach
    void startTheOlderOneFirst() throws IOException {
        String jar = System.getProperty("coupon.test.older", "");
        older =
                node(
                        "older",
                        jar.isEmpty() ? new Version.Present() : new Version.Jar(Path.of(jar)));
        older.awaitReady();
        older.http().open(campaign, COUPONS);
        claim(older, 5);
        newer = node("newer", jar.isEmpty() ? withAnotherScript() : new Version.Present());
        newer.awaitReady();
    }

    @AfterEach
    void end() {
        older.close();
        newer.close();
    }

    private ServiceNode node(String name, Version version) {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("coupon.security.identity", "header");
        properties.put("coupon.web.rate-limits.member.enabled", "false");
        properties.put("coupon.reconciliation.scheduled", "false");
        properties.put("coupon.issuance.warm-up.claims", "0");
        properties.put("coupon.issuance.catalog-interval", "500ms");
        // or another process of this test run records the coupons
        properties.put("coupon.kafka.topic", "coupon.versions-" + campaign);
        properties.put("coupon.persistence.partitions", "4");
        properties.put("spring.kafka.consumer.group-id", "coupon-versions-" + campaign);
        return new ServiceNode(
                folder.resolve(name).resolve("node.log"), "api,consumer", version, properties);
    }

    /**
     * Another SHA, a field of the hash that the present one does not know, and more in an entry.
     */
    private Version withAnotherScript() throws IOException {
        Path changed = folder.resolve("changed");
        String script = Files.readString(Path.of("src/main/resources").resolve(SCRIPT));
        String write = "redis.call('HSET', campaign_key, 'issued', string.format('%d', issued))";
        String entry = "'epoch', answer[5])";
        assertThat(script).contains(write).contains(entry);
        Files.createDirectories(changed.resolve(SCRIPT).getParent());
        Files.writeString(
                changed.resolve(SCRIPT),
                script.replace(
                                write,
                                write + "\n    redis.call('HSET', campaign_key, 'lastAt', at)")
                        .replace(entry, "'epoch', answer[5], 'channel', 'web')"));
        return new Version.Changed(changed);
    }

    private void claim(ServiceNode node, int members) {
        for (int i = 0; i < members; i++) {
            String member = "m" + UUID.randomUUID();
            Answer answer =
                    await().atMost(SOON)
                            .until(
                                    () -> node.http().claim(campaign, member),
                                    it -> it.status() != 503 && it.status() != 202);
            assertThat(answer.status()).as(answer.response().body()).isIn(200, 201);
            winners.put(member, answer);
        }
    }

    private void everyWinnerHearsTheSameFrom(ServiceNode node) {
        winners.forEach((member, told) -> {
            Answer again =
                    await().atMost(SOON)
                            .until(
                                    () -> node.http().claim(campaign, member),
                                    it -> it.status() != 503);
            assertThat(again.get("couponCode")).isEqualTo(told.get("couponCode"));
            assertThat(again.get("serial")).isEqualTo(told.get("serial"));
        });
    }

    private static JdbcClient jdbc() {
        return JdbcClient.create(
                new DriverManagerDataSource(
                        RunningServers.get().jdbcUrl(), "postgres", "postgres"));
    }

    private Set<String> recorded() {
        return jdbc().sql(
                        "SELECT serial || ' ' || code FROM coupon_issuances WHERE campaign_id = ?")
                .param(campaign)
                .query((row, number) -> String.valueOf(row.getString(1)))
                .set();
    }

    private void theLedgerHasAllOfThem() {
        Set<String> told =
                winners.values().stream()
                        .map(answer -> answer.get("serial") + " " + answer.get("couponCode"))
                        .collect(Collectors.toSet());
        assertThat(told).hasSize(winners.size());
        await().atMost(SOON).untilAsserted(() -> assertThat(recorded()).isEqualTo(told));
        assertThat(
                        jdbc().sql("SELECT count(*) FROM dead_letters WHERE campaign_id = ?")
                                .param(campaign)
                                .query(Long.class)
                                .single())
                .isZero();
    }

    private static void isDone(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isIn(200, 201);
    }

    private static void follows(ServiceNode node, String campaign, String state) {
        await().atMost(SOON).until(() -> node.http().view(campaign).get("state").equals(state));
    }

    @Test
    void theyDecideRecordAndAdministerTheSameCampaign() {
        for (int i = 0; i < 5; i++) {
            claim(newer, 1);
            claim(older, 1);
        }
        everyWinnerHearsTheSameFrom(older);
        everyWinnerHearsTheSameFrom(newer);
        theLedgerHasAllOfThem();

        isDone(newer.http().step(campaign, "pause"));
        follows(older, campaign, "PAUSED");
        isDone(older.http().step(campaign, "resume"));
        follows(newer, campaign, "OPEN");
        isDone(older.http().adjust(campaign, "one", 5));
        isDone(newer.http().adjust(campaign, "two", 5));

        // a rolling upgrade goes on, and is taken back
        older.stop();
        claim(newer, 5);
        newer.stop();
        older.relaunch();
        everyWinnerHearsTheSameFrom(older);
        claim(older, 5);
        newer.relaunch();

        while (winners.size() < COUPONS + 10) {
            claim(winners.size() % 2 == 0 ? newer : older, 1);
        }
        for (ServiceNode node : List.of(older, newer)) {
            assertThat(node.http().claim(campaign, "late").get("code")).isEqualTo("sold-out");
            everyWinnerHearsTheSameFrom(node);
        }
        theLedgerHasAllOfThem();
        theOtherScriptWasAtWork();
        theSidesAgree();
    }

    /** Otherwise this would show nothing. */
    private void theOtherScriptWasAtWork() {
        if (System.getProperty("coupon.test.older", "").isEmpty()) {
            try (Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
                assertThat(redis.hget("coupon:{" + campaign + "}:campaign", "lastAt")).isNotNull();
            }
        }
    }

    private void theSidesAgree() {
        Http http = newer.http();
        Answer asked =
                http.admin(
                        "POST",
                        "/reconciliations",
                        "{\"campaignId\":\"%s\",\"mode\":\"DETECT\"}".formatted(campaign));
        String run = asked.header("Location").replace("/api/v1/admin", "");
        assertThat(
                        await().atMost(RUN_WITHIN)
                                .until(
                                        () -> http.admin("GET", run, "").json(),
                                        it -> it.path("status").asString("").equals("COMPLETED"))
                                .path("findings")
                                .asLong())
                .isZero();
    }
}
