package com.coupon.issuance.adapter.out.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Campaigns;
import com.coupon.issuance.domain.AllowList;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.Watermark;
import com.coupon.servers.RedisProcess;
import com.coupon.servers.RunningServers;
import com.coupon.shared.MemberId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import redis.clients.jedis.Jedis;

/**
 * What a winner, a waiting publication and a row take, with members named by 36 characters. The
 * figures are printed, for docs/capacity.md; the bounds are what a plan may rest on.
 */
class FootprintIT {

    private static final int COUPONS = 100_000;

    @TempDir Path folder = Path.of("");

    private static List<MemberId> members(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> new MemberId(UUID.randomUUID().toString()))
                .toList();
    }

    private static double print(String what, double bytes) {
        System.out.printf("%-44s %,10.1f bytes%n", what, bytes);
        return bytes;
    }

    @Test
    void ofACampaignInRedis() {
        try (RedisProcess server = RedisProcess.start(folder);
                RedisAdapters redis = RedisAdapters.standalone(server.address().toString(), 0);
                Jedis jedis = new Jedis(server.address())) {
            redis.arming.announce(List.of());
            long empty = used(jedis);
            Campaign draft = Campaigns.draft(Campaigns.newId(), COUPONS);
            redis.arming.arm(draft);
            redis.arming.change(draft.published());
            CampaignKeys keys = CampaignKeys.of(draft.id());
            print(
                    "a campaign without winners",
                    bytes(jedis, keys.campaign())
                            + bytes(jedis, keys.stock())
                            + bytes(jedis, keys.participants())
                            + bytes(jedis, keys.outbox()));
            for (int i = 0; i < COUPONS; i += ClaimBatch.MAX_SIZE) {
                redis.stock
                        .decide(
                                new ClaimBatch(
                                        draft.id(),
                                        Question.CLAIM,
                                        members(ClaimBatch.MAX_SIZE),
                                        Confirmed.EVERYTHING,
                                        Watermark.NONE))
                        .close();
            }
            assertThat(jedis.hlen(keys.participants())).isEqualTo(COUPONS + 1);
            assertThat(print("a winner (participants)", each(jedis, keys.participants())))
                    .isLessThan(250);
            assertThat(print("a publication that waits (outbox)", each(jedis, keys.outbox())))
                    .isLessThan(250);
            assertThat(
                            print(
                                    "both, by what the server uses",
                                    (used(jedis) - empty) / (double) COUPONS))
                    .isLessThan(500);

            List<List<MemberId>> pages =
                    IntStream.range(0, COUPONS / 1_000).mapToObj(i -> members(1_000)).toList();
            redis.eligible.putInForce(draft.id(), new AllowList(1, COUPONS), pages.stream());
            assertThat(print("a member of an allow-list", each(jedis, keys.eligible())))
                    .isLessThan(150);
        }
    }

    private static double bytes(Jedis jedis, String key) {
        return jedis.memoryUsage(key, 0);
    }

    private static double each(Jedis jedis, String key) {
        return bytes(jedis, key) / COUPONS;
    }

    private static long used(Jedis jedis) {
        return jedis.info("memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length()).strip()))
                .sum();
    }

    @Test
    void ofARowInTheLedger() {
        var database =
                new DriverManagerDataSource(RunningServers.get().jdbcUrl(), "postgres", "postgres");
        Flyway.configure().dataSource(database).load().migrate();
        JdbcClient jdbc = JdbcClient.create(database);
        String campaign = Campaigns.newId().value();
        jdbc.sql(
                        """
                        WITH benefit AS (
                            INSERT INTO coupons (title, discount) VALUES ('A coupon', '10 %') RETURNING id)
                        INSERT INTO campaigns (id, coupon_id, name, quantity, opens_at, eligibility, state, version,
                                               epoch, armed)
                        SELECT :campaign, id, 'A test', :rows, now(), 'EVERYONE', 'DRAFT', 1, 1, false FROM benefit
                        """)
                .params(Map.of("campaign", campaign, "rows", COUPONS))
                .update();
        long before = size(jdbc);
        jdbc.sql(
                        """
                        INSERT INTO coupon_issuances (campaign_id, serial, member_id, code, epoch, issued_at, status)
                        SELECT :campaign, n, gen_random_uuid(), left(encode(sha256((:campaign || n)::bytea), 'hex'), 20),
                               1, now(), 'ISSUED'
                        FROM generate_series(1, :rows) AS n
                        """)
                .params(Map.of("campaign", campaign, "rows", COUPONS))
                .update();

        assertThat(
                        print(
                                "a row of the ledger, with its indexes",
                                (size(jdbc) - before) / (double) COUPONS))
                .isLessThan(600);
    }

    private static long size(JdbcClient jdbc) {
        return jdbc.sql("SELECT pg_total_relation_size('coupon_issuances')")
                .query(Long.class)
                .single();
    }
}
