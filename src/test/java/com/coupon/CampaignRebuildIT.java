package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Http.Answer;
import com.coupon.servers.RunningServers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/**
 * A campaign that Redis has lost something of is made anew by itself, and nobody loses a coupon.
 */
@IntegrationTest
class CampaignRebuildIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;

    private final String campaign = Campaigns.newId().value();
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

    private String key(String name) {
        return "coupon:{" + campaign + "}:" + name;
    }

    private Answer finalAnswer(String member) {
        return await().atMost(LONG_ENOUGH)
                .until(
                        () -> http.claim(campaign, member),
                        answer -> answer.status() != 503 && answer.status() != 202);
    }

    private long epoch() {
        return jdbc.sql("SELECT epoch FROM campaigns WHERE id = ?")
                .param(campaign)
                .query(Long.class)
                .single();
    }

    private List<Long> serials() {
        return jdbc.sql("SELECT serial FROM coupon_issuances WHERE campaign_id = ? ORDER BY serial")
                .param(campaign)
                .query((row, number) -> row.getLong(1))
                .list();
    }

    private Set<Long> voids() {
        return jdbc.sql("SELECT serial FROM voided_serials WHERE campaign_id = ?")
                .param(campaign)
                .query((row, number) -> row.getLong(1))
                .set();
    }

    @ParameterizedTest
    @ValueSource(strings = {"campaign", "stock", "participants", "outbox", "all"})
    void whateverIsLostTheWinnersKeepTheirCouponsAndTheRestIsIssuedOnce(String lost) {
        http.open(campaign, 5);
        List<Answer> before =
                Stream.of("ann", "bob", "cid").map(member -> http.claim(campaign, member)).toList();
        assertThat(before).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(201));

        if (lost.equals("all")) {
            redis.del(
                    key("campaign"),
                    key("stock"),
                    key("participants"),
                    key("outbox"),
                    key("eligible"));
        } else {
            redis.del(key(lost));
        }

        await().atMost(LONG_ENOUGH).until(() -> epoch() == 2);
        for (Answer told : before) {
            Answer again = finalAnswer(told.get("memberId"));
            assertThat(again.get("status")).isEqualTo("ALREADY_ISSUED");
            assertThat(again.get("couponCode")).isEqualTo(told.get("couponCode"));
            assertThat(again.get("serial")).isEqualTo(told.get("serial"));
        }
        List<Answer> after = Stream.of("dan", "eve", "fay", "gus").map(this::finalAnswer).toList();
        assertThat(after).extracting(Answer::status).containsExactly(201, 201, 409, 409);
        await().atMost(LONG_ENOUGH).until(() -> serials().size() == 5);
        assertThat(serials()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(voids()).isEmpty();
    }

    @Test
    void aServerThatHoldsAnOlderStateIssuesNoSerialTwice() {
        http.open(campaign, 9);
        http.claim(campaign, "ann");
        byte[] hash = redis.dump(key("campaign"));
        byte[] stock = redis.dump(key("stock"));
        byte[] participants = redis.dump(key("participants"));
        http.claim(campaign, "bob");
        http.claim(campaign, "cid");
        await().atMost(LONG_ENOUGH).until(() -> serials().size() == 3);

        redis.del(key("campaign"), key("stock"), key("participants"));
        redis.restore(key("campaign"), 0, hash);
        redis.restore(key("stock"), 0, stock);
        redis.restore(key("participants"), 0, participants);

        Answer next = finalAnswer("dan");
        assertThat(next.status()).isEqualTo(201);
        assertThat(next.get("serial")).isEqualTo("4");
        assertThat(finalAnswer("cid").get("status")).isEqualTo("ALREADY_ISSUED");
    }

    @Test
    void whoWonInAnEpochThatWasOverAlreadyKeepsTheCoupon() {
        http.open(campaign, 4);
        http.claim(campaign, "ann");
        Answer told = http.claim(campaign, "bob");
        await().atMost(LONG_ENOUGH).until(() -> serials().size() == 2);
        // As if a rebuild had been cut short by a primary that came back and issued once more.
        jdbc.sql(
                        """
                        WITH late AS (DELETE FROM coupon_issuances WHERE campaign_id = :id AND serial = 2)
                        UPDATE campaigns SET epoch = 2 WHERE id = :id
                        """)
                .param("id", campaign)
                .update();

        await().atMost(LONG_ENOUGH).until(() -> epoch() == 3);
        Answer again = finalAnswer("bob");
        assertThat(again.get("couponCode")).isEqualTo(told.get("couponCode"));
        assertThat(serials()).containsExactly(1L, 2L);
        assertThat(voids()).isEmpty();
        assertThat(finalAnswer("cid").get("serial")).isEqualTo("3");
    }

    @Test
    void aSerialThatWasSeenAndIsNowhereIsVoidAndNeverIssuedAgain() {
        http.open(campaign, 6);
        http.claim(campaign, "ann");
        await().atMost(LONG_ENOUGH).until(() -> serials().size() == 1);
        // A node knows of four, and three of them are lost: the ledger never hears of them.
        redis.hset(key("campaign"), "fence", "4");
        redis.hset(key("campaign"), "state", "RECOVERING");

        List<Answer> answers =
                IntStream.range(0, 4).mapToObj(number -> finalAnswer("m" + number)).toList();

        assertThat(answers).extracting(Answer::status).containsExactly(201, 201, 409, 409);
        await().atMost(LONG_ENOUGH).until(() -> serials().size() == 3);
        assertThat(serials()).containsExactly(1L, 5L, 6L);
        assertThat(voids()).containsExactlyInAnyOrder(2L, 3L, 4L);
        assertThat(epoch()).isEqualTo(2);
    }

    @Test
    void aRevocationThatRedisLostHoldsAgain() {
        http.open(campaign, 3);
        http.claim(campaign, "ann");
        await().atMost(LONG_ENOUGH).until(() -> serials().size() == 1);
        assertThat(http.revoke(campaign, 1, false).status()).isEqualTo(200);
        redis.del(key("participants"));

        await().atMost(LONG_ENOUGH).until(() -> epoch() == 2);
        assertThat(finalAnswer("ann").get("code")).isEqualTo("revoked");
    }

    @Test
    void manyCampaignsAreRebuiltAtOnce() {
        List<String> campaigns =
                IntStream.range(0, 10).mapToObj(number -> Campaigns.newId().value()).toList();
        for (String each : campaigns) {
            http.open(each, 2);
            http.claim(each, "ann");
        }
        for (String each : campaigns) {
            redis.del("coupon:{" + each + "}:stock");
        }

        Set<Integer> answers =
                campaigns.stream()
                        .map(each ->
                                await().atMost(LONG_ENOUGH)
                                        .until(
                                                () -> http.claim(each, "bob").status(),
                                                status -> status != 503))
                        .collect(Collectors.toSet());
        assertThat(answers).containsExactly(201);
    }
}
