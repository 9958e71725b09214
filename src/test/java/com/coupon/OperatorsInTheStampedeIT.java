package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Http.Answer;
import com.coupon.crowd.Crowd;
import com.coupon.crowd.Tally;
import com.coupon.servers.RunningServers;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/**
 * Operators at work while a crowd is claiming. At every moment the counters of Redis agree with
 * each other and the ledger holds no serial beyond the stock; in the end whoever was told yes is in
 * the ledger, and nobody else.
 */
@IntegrationTest
class OperatorsInTheStampedeIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
    private static final int CONNECTIONS = 64;

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;

    private final String campaign = Campaigns.newId().value();
    private final AtomicLong answered = new AtomicLong();
    private final Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()));
    private final ExecutorService others = Executors.newCachedThreadPool();
    private final List<String> violations = new ArrayList<>();
    private Http http = new Http(0);

    @BeforeEach
    void connect() {
        http = new Http(port);
    }

    @AfterEach
    void close() {
        others.shutdownNow();
        redis.close();
    }

    private record Row(long serial, String member, String code, String status) {}

    private List<Row> rows() {
        return jdbc.sql(
                        """
                        SELECT serial, member_id, code, status FROM coupon_issuances
                        WHERE campaign_id = ? ORDER BY serial
                        """)
                .param(campaign)
                .query((row, number) ->
                        new Row(
                                row.getLong(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4)))
                .list();
    }

    private Map<String, String> counters() {
        return redis.hgetAll("coupon:{" + campaign + "}:campaign");
    }

    private long issued() {
        return Long.parseLong(counters().get("issued"));
    }

    /** What the operators do, step by step; checks come between the steps. */
    @FunctionalInterface
    private interface Shift {
        void work(CompletableFuture<Tally> crowd);
    }

    /** Lets operators work as long as the crowd is claiming, under constant watch. */
    private Tally stampede(int clients, Shift shift) {
        var crowd =
                CompletableFuture.supplyAsync(
                        () ->
                                new Crowd(
                                                URI.create("http://localhost:" + port),
                                                campaign,
                                                clients,
                                                CONNECTIONS,
                                                Duration.ofMinutes(3),
                                                answered::set)
                                        .run(),
                        others);
        var watch = CompletableFuture.runAsync(() -> watchUntil(crowd), others);
        shift.work(crowd);
        Tally tally = crowd.join();
        watch.join();
        assertThat(violations).isEmpty();
        return tally;
    }

    /** One look at Redis is one script, so it sees no half of a step. */
    private void watchUntil(CompletableFuture<?> end) {
        String script =
                """
                local f = redis.call('HMGET', KEYS[1], 'quantity', 'returned', 'issued', 'state')
                local stock = redis.call('GET', KEYS[2])
                if f[4] == 'ARCHIVED' or f[3] + (stock or -1) == f[1] + f[2] and tonumber(stock) >= 0 then
                    return ''
                end
                return table.concat({f[1], f[2], f[3], f[4], stock or 'none'}, ' ')
                """;
        String prefix = "coupon:{" + campaign + "}:";
        try (Jedis watching = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
            do {
                Object found = watching.eval(script, 2, prefix + "campaign", prefix + "stock");
                if (!"".equals(found)) {
                    violations.add("Redis: " + found);
                }
                jdbc.sql(
                                """
                                SELECT c.quantity, c.returned, max(i.serial) AS highest,
                                       count(*) FILTER (WHERE i.status = 'ISSUED') AS active
                                FROM campaigns c JOIN coupon_issuances i ON i.campaign_id = c.id
                                WHERE c.id = ? GROUP BY c.id
                                HAVING max(i.serial) > c.quantity + c.returned
                                    OR count(*) FILTER (WHERE i.status = 'ISSUED') > c.quantity
                                """)
                        .param(campaign)
                        .query()
                        .listOfRows()
                        .forEach(row -> violations.add("Ledger: " + row));
            } while (!end.isDone());
        }
    }

    @Test
    void theWatchSeesWhatMustNotBe() {
        http.open(campaign, 2);
        http.claim(campaign, "ann");
        await().atMost(LONG_ENOUGH).until(() -> rows().size() == 1);
        watchUntil(CompletableFuture.completedFuture(null));
        assertThat(violations).isEmpty();

        redis.incr("coupon:{" + campaign + "}:stock");
        watchUntil(CompletableFuture.completedFuture(null));
        assertThat(violations).singleElement().asString().startsWith("Redis: ");
    }

    /** Told yes is recorded, recorded is told yes, and nothing else came of it. */
    private void holds(Tally tally) {
        assertThat(tally.answers().keySet())
                .doesNotContain(
                        Tally.GAVE_UP,
                        Tally.OUT_OF_TIME,
                        Tally.ISSUED_UNASKED,
                        Tally.UNINTELLIGIBLE,
                        "internal-error");
        await().atMost(LONG_ENOUGH).until(() -> rows().size() == issued());
        Map<String, String> told = new HashMap<>();
        tally.winners().forEach(winner -> told.put(winner.member(), winner.code()));
        List<Row> rows = rows();
        assertThat(rows.stream().collect(Collectors.toMap(Row::member, Row::code))).isEqualTo(told);
        assertThat(rows)
                .extracting(Row::serial)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, rows.size()).mapToObj(Long::valueOf).toList());
    }

    private void awaitAnswers(long more, CompletableFuture<Tally> crowd) {
        long from = answered.get();
        await().atMost(LONG_ENOUGH).until(() -> crowd.isDone() || answered.get() >= from + more);
    }

    @Test
    void theStockGrowsAndSinks() {
        http.open(campaign, 300);
        AtomicLong quantity = new AtomicLong(300);
        AtomicLong refused = new AtomicLong();

        Tally tally =
                stampede(
                        12_000,
                        crowd -> {
                            for (int round = 0; !crowd.isDone(); round++) {
                                long delta = round % 2 == 0 ? 60 : -40;
                                Answer answer = http.adjust(campaign, "round-" + round, delta);
                                if (answer.status() == 200) {
                                    quantity.addAndGet(delta);
                                    assertThat(answer.json().path("quantity").asLong())
                                            .isEqualTo(quantity.get());
                                    // Asked again, it is not done again.
                                    assertThat(
                                                    http.adjust(campaign, "round-" + round, delta)
                                                            .response()
                                                            .body())
                                            .isEqualTo(answer.response().body());
                                } else {
                                    assertThat(answer.get("code")).isEqualTo("stock-below-issued");
                                    refused.incrementAndGet();
                                }
                                assertThat(issued()).isLessThanOrEqualTo(quantity.get());
                                awaitAnswers(400, crowd);
                            }
                        });

        holds(tally);
        assertThat(quantity).hasValueGreaterThan(300);
        assertThat(http.admin("GET", "/campaigns/" + campaign, "").json().path("quantity").asLong())
                .isEqualTo(quantity.get());
        assertThat(issued()).isLessThanOrEqualTo(quantity.get());
    }

    @Test
    void aPauseStopsTheIssuingUntilItIsResumed() {
        http.open(campaign, 3_000);

        Tally tally =
                stampede(
                        8_000,
                        crowd -> {
                            for (int round = 0; round < 5; round++) {
                                awaitAnswers(200, crowd);
                                assertThat(http.step(campaign, "pause").status()).isEqualTo(200);
                                long issued = issued();
                                awaitAnswers(500, crowd);
                                assertThat(issued()).isEqualTo(issued);
                                assertThat(http.step(campaign, "resume").status()).isEqualTo(200);
                            }
                        });

        holds(tally);
        assertThat(tally.told("paused")).isGreaterThan(1_000);
        assertThat(tally.told(Tally.ISSUED)).isPositive();
    }

    @Test
    void anotherAllowListTakesEffectAtOneInstant() {
        http.create(campaign, 4_000, ",\"eligibility\":\"ALLOW_LIST\"");
        upload(0);
        http.step(campaign, "open");
        AtomicLong lastOfTheOld = new AtomicLong();

        Tally tally =
                stampede(
                        10_000,
                        crowd -> {
                            awaitAnswers(1_000, crowd);
                            upload(1);
                            lastOfTheOld.set(issued());
                        });

        holds(tally);
        List<Row> rows = rows();
        Set<Boolean> parityAfter = new HashSet<>();
        boolean changed = false;
        for (Row row : rows) {
            boolean odd = number(row.member()) % 2 == 1;
            changed |= odd;
            if (changed) {
                assertThat(odd).as("%s after the change", row).isTrue();
            }
            if (row.serial() > lastOfTheOld.get()) {
                parityAfter.add(odd);
            }
        }
        assertThat(parityAfter).containsExactly(true);
        assertThat(number(rows.getFirst().member()) % 2).isZero();
        assertThat(tally.told("not-eligible")).isGreaterThan(3_000);
    }

    private static int number(String member) {
        return Integer.parseInt(member.substring("member-".length()));
    }

    /** Everybody whose number has this remainder by two. */
    private void upload(int remainder) {
        String csv =
                IntStream.rangeClosed(1, 10_000)
                        .filter(number -> number % 2 == remainder)
                        .mapToObj("member-%07d"::formatted)
                        .collect(Collectors.joining("\n"));
        Answer answer = http.adminCsv("PUT", "/campaigns/" + campaign + "/eligible-members", csv);
        assertThat(answer.response().body()).contains("REPLACED");
    }

    @Test
    void aRevokedCouponIsIssuedOnceMoreAndNeverTwice() {
        http.open(campaign, 200);
        Set<String> revoked = new HashSet<>();

        Tally tally =
                stampede(
                        10_000,
                        crowd -> {
                            for (long serial = 1; serial <= 60; serial++) {
                                long next = serial;
                                await().atMost(LONG_ENOUGH).until(() -> rows().size() >= next);
                                Answer answer = http.revoke(campaign, serial, serial % 3 != 0);
                                assertThat(answer.status()).isEqualTo(200);
                                revoked.add(answer.get("memberId"));
                            }
                        });

        holds(tally);
        List<Row> rows = rows();
        assertThat(rows.stream().filter(row -> row.status().equals("REVOKED")).map(Row::member))
                .containsExactlyInAnyOrderElementsOf(revoked);
        assertThat(rows).hasSizeBetween(200, 240);
        for (String member : revoked) {
            assertThat(http.claim(campaign, member).get("code")).isEqualTo("revoked");
        }
        assertThat(issued() + Long.parseLong(redis.get("coupon:{" + campaign + "}:stock")))
                .isEqualTo(240);
    }

    @Test
    void aCampaignIsClosedAndArchivedUnderTheCrowdAndItsWinnersAreStillAnswered() {
        http.open(campaign, 5_000);

        Tally tally =
                stampede(
                        10_000,
                        crowd -> {
                            awaitAnswers(1_500, crowd);
                            http.step(campaign, "close");
                            long issued = issued();
                            await().atMost(LONG_ENOUGH)
                                    .until(() -> http.step(campaign, "archive").status() == 200);
                            assertThat(issued()).isEqualTo(issued);
                        });

        holds(tally);
        assertThat(tally.told("closed") + tally.told("archived")).isGreaterThan(2_000);
        for (Tally.Winner winner : tally.winners().subList(0, 50)) {
            assertThat(http.claim(campaign, winner.member()).get("couponCode"))
                    .isEqualTo(winner.code());
        }
    }
}
