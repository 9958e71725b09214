package com.coupon.reconciliation.adapter.in.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.Http.Answer;
import com.coupon.IntegrationTest;
import com.coupon.servers.RedisProcess;
import com.coupon.servers.RunningServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;

/** How a campaign is going, over HTTP: both sides, and what all nodes have told. */
@IntegrationTest
class StatsIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    @Autowired private PlatformTransactionManager transactions;
    @Autowired private MeterRegistry meters;

    private final String campaign = Campaigns.newId().value();
    private final String key = "coupon:{" + campaign + "}:campaign";
    private final Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()));
    private Http http = new Http(0);

    @BeforeEach
    void connect() {
        http = new Http(port);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private Answer stats() {
        return http.admin("GET", "/campaigns/" + campaign + "/stats", "");
    }

    private JsonNode json() {
        return stats().json();
    }

    /** All answers that the stats tell of. */
    private long answers() {
        long answers = 0;
        for (String part : new String[] {"told", "refused"}) {
            for (JsonNode count : json().path(part)) {
                answers += count.asLong();
            }
        }
        return answers;
    }

    private void awaitAnswers(long count) {
        await().atMost(LONG_ENOUGH).until(() -> answers() >= count);
    }

    private void claim(String code, String member) {
        assertThat(http.claim(campaign, member).get("code")).isEqualTo(code);
    }

    @Test
    void bothSidesAreTold() {
        http.open(campaign, 3);
        http.claim(campaign, "ann");
        http.claim(campaign, "bob");
        await().atMost(LONG_ENOUGH).until(() -> json().path("recorded").asLong() == 2);
        jdbc.sql(
                        "UPDATE coupon_issuances SET status = 'REVOKED' WHERE campaign_id = ? AND serial = 1")
                .param(campaign)
                .update();
        await().atMost(LONG_ENOUGH)
                .until(() -> json().path("lag").path("unpublished").asLong() == 0);

        Answer answer = stats();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        JsonNode stats = answer.json();
        assertThat(stats.path("campaignId").asString()).isEqualTo(campaign);
        assertThat(stats.path("state").asString()).isEqualTo("PUBLISHED");
        assertThat(stats.path("quantity").asLong()).isEqualTo(3);
        assertThat(stats.path("returned").asLong()).isZero();
        assertThat(stats.path("issued").asLong()).isEqualTo(2);
        assertThat(stats.path("remaining").asLong()).isEqualTo(1);
        assertThat(stats.path("recorded").asLong()).isEqualTo(2);
        assertThat(stats.path("revoked").asLong()).isEqualTo(1);
        assertThat(stats.path("lag").path("unrecorded").asLong()).isZero();
        assertThat(stats.path("lag").path("oldestUnpublishedSeconds").isNull()).isTrue();
        assertThat(Instant.parse(stats.path("readAt").asString()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    }

    private static final String NEVER_OVER = "9999999999999";

    @Test
    void claimsOfEveryKindAreCountedExactlyOnce() {
        http.open(campaign, 1);
        redis.hset(key, "announcedAt", NEVER_OVER); // nobody remembers what is changed by hand here
        http.claim(campaign, "ann");
        http.claim(campaign, "ann");
        http.claim(campaign, "ann");
        claim("sold-out", "bob");
        claim("sold-out", "cid");
        claim("sold-out", "cid");
        http.find(campaign, "ann"); // asks, and claims nothing
        http.find(campaign, "bob");
        for (String state : new String[] {"PAUSED", "CLOSED", "ARCHIVED"}) {
            redis.hset(key, "state", state);
            claim(state.toLowerCase(Locale.ROOT), "bob");
        }
        redis.hset(key, "state", "PUBLISHED");
        String participants = "coupon:{" + campaign + "}:participants";
        redis.hset(
                participants,
                "ann",
                redis.hget(participants, "ann").replaceFirst(":[^:]*$", ":REVOKED"));
        claim("revoked", "ann");

        awaitAnswers(10);
        JsonNode stats = json();
        assertThat(stats.path("told").path("issued").asLong()).isEqualTo(1);
        assertThat(stats.path("told").path("alreadyIssued").asLong()).isEqualTo(2);
        assertThat(stats.path("told").path("pending").asLong()).isZero();
        assertThat(stats.path("refused").toString())
                .isEqualTo(
                        "{\"revoked\":1,\"archived\":1,\"not-open-yet\":0,\"paused\":1,\"closed\":1,\"sold-out\":3,"
                                .concat(
                                        "\"not-eligible\":0,\"recovering\":0,\"overloaded\":0,\"unavailable\":0}"));
    }

    @Test
    void ratesAreOfTheLatestTenSeconds() {
        http.open(campaign, 1);
        long now = Long.parseLong(redis.time().getFirst());
        String rates = "coupon:{" + campaign + "}:rates";
        redis.hset(rates, (now - 1) + ":ISSUED", "5");
        redis.hset(rates, (now - 1) + ":SOLD_OUT", "20");
        redis.hset(rates, (now - 60) + ":SOLD_OUT", "1000");

        JsonNode perSecond = json().path("perSecond");

        assertThat(perSecond.path("windowSeconds").asLong()).isEqualTo(10);
        assertThat(perSecond.path("answered").asDouble()).isEqualTo(2.5);
        assertThat(perSecond.path("issued").asDouble()).isEqualTo(0.5);
        assertThat(perSecond.path("refused").asDouble()).isEqualTo(2.0);
    }

    @Test
    void whereTheLedgerDoesNotAnswerInTimeNothingIsTold() {
        http.open(campaign, 1);
        new TransactionTemplate(transactions)
                .executeWithoutResult(status -> {
                    jdbc.sql("LOCK TABLE coupon_issuances IN ACCESS EXCLUSIVE MODE").update();
                    assertThat(stats().status()).isEqualTo(503);
                });
        assertThat(stats().status()).isEqualTo(200);
    }

    @Test
    void claimsThatComeTooEarlyOrFromOthersAreCounted() {
        http.admin(
                "POST",
                "/campaigns",
                """
                {"id":"%s","name":"A test","quantity":1,"opensAt":"2099-01-01T00:00:00Z",
                 "eligibility":"ALLOW_LIST","coupon":{"title":"T","discount":"D"}}\
                """
                        .formatted(campaign));
        http.adminCsv("PUT", "/campaigns/" + campaign + "/eligible-members", "bob");
        http.admin("POST", "/campaigns/" + campaign + "/open", "");
        claim("not-open-yet", "ann");
        redis.hset(key, "opensAt", "0");
        claim("not-eligible", "ann");

        awaitAnswers(2);
        assertThat(json().path("refused").path("not-open-yet").asLong()).isEqualTo(1);
        assertThat(json().path("refused").path("not-eligible").asLong()).isEqualTo(1);
    }

    @Test
    void campaignsThatWereMadeUpLeaveNoKeys() {
        http.open(campaign, 1);
        http.claim("made-up-campaign", "ann");
        http.claim(campaign, "ann");
        awaitAnswers(1); // written by the same flush, or a later one

        assertThat(redis.keys("coupon:{made-up-campaign}:*")).isEmpty();
        assertThat(redis.keys("coupon:{" + campaign + "}:answers")).hasSize(1);
    }

    @Test
    void nodesAddUpAndOneThatStopsLeavesNothingUnsaid() {
        http.open(campaign, 1);
        http.claim(campaign, "ann");
        try (var other = start(Map.of("coupon.issuance.stats.flush-interval", "1m"), "api")) {
            Http node = new Http(portOf(other));
            node.claim(campaign, "bob");
            node.claim(campaign, "cid");
        }

        awaitAnswers(3);
        assertThat(json().path("told").path("issued").asLong()).isEqualTo(1);
        assertThat(json().path("refused").path("sold-out").asLong()).isEqualTo(2);
    }

    @Test
    void aDraftHasAllBeforeIt() {
        http.admin(
                "POST",
                "/campaigns",
                """
                {"id":"%s","name":"A test","quantity":7,"coupon":{"title":"T","discount":"D"}}\
                """
                        .formatted(campaign));

        JsonNode stats = json();
        assertThat(stats.path("state").asString()).isEqualTo("DRAFT");
        assertThat(stats.path("remaining").asLong()).isEqualTo(7);
        assertThat(stats.path("issued").asLong()).isZero();
    }

    @Test
    void whatCannotBeToldIsAProblem() {
        assertThat(stats().status()).isEqualTo(404);
        assertThat(stats().get("code")).isEqualTo("unknown-campaign");

        http.open(campaign, 1);
        redis.del("coupon:{" + campaign + "}:stock");
        assertThat(stats().status()).isEqualTo(503);
        assertThat(stats().get("code")).isEqualTo("recovering");
        assertThat(stats().header("Retry-After")).matches("[1-3]");
        redis.set("coupon:{" + campaign + "}:stock", "1");
    }

    @Test
    void whereRedisIsAwayNothingIsTold() {
        http.open(campaign, 1);
        Map<String, String> elsewhere =
                Map.of(
                        "coupon.redis.nodes",
                        "127.0.0.1:" + RedisProcess.freePort(),
                        "coupon.redis.replicas-to-await",
                        "0",
                        "spring.kafka.consumer.group-id",
                        "stats-without-redis");
        try (var cutOff = start(elsewhere, "consumer")) {
            Answer answer =
                    new Http(portOf(cutOff)).admin("GET", "/campaigns/" + campaign + "/stats", "");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.get("code")).isEqualTo("unavailable");
        }
    }

    @Test
    void gaugesShowWhatIsLeftAndWhatIsOnItsWay() {
        // the first hundred have a gauge, and there may be more
        String first = "0" + campaign;
        http.open(first, 5);
        http.claim(first, "ann");

        await().atMost(LONG_ENOUGH)
                .until(() -> {
                    var gauge =
                            meters.find("coupon.stock.remaining").tag("campaign", first).gauge();
                    return gauge != null && gauge.value() == 4;
                });
        assertThat(meters.get("coupon.outbox.pending").gauge().value()).isNotNegative();
        assertThat(meters.get("coupon.outbox.oldest.age").timeGauge().value()).isNotNegative();
    }

    private static ConfigurableApplicationContext start(
            Map<String, String> changes, String profile) {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("coupon.security.identity", "header");
        properties.putAll(changes);
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles(profile);
        return application.run(
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    private static int portOf(ConfigurableApplicationContext context) {
        var server = ((WebServerApplicationContext) context).getWebServer();
        return server == null ? 0 : server.getPort();
    }
}
