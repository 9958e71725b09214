package com.coupon.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.Http;
import com.coupon.IntegrationTest;
import com.coupon.reconciliation.application.CountMeters;
import com.coupon.servers.RunningServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;

/** Beside a crowd that is still claiming, nothing is found that is not there, and what is, is. */
@IntegrationTest
class ReconciliationBesideClaimsIT {

    private static final int STOCK = 4_000;
    private static final int CROWD = 6_000;

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    @Autowired private CountMeters counts;
    @Autowired private MeterRegistry meters;

    @Test
    void nothingIsFoundThatIsOnItsWayAndALostWinnerIs() throws InterruptedException {
        // the first of all, so that it is among those that are counted for the metrics
        String campaign = "0" + Campaigns.newId().value();
        var http = new Http(port);
        var reconciliations = new Reconciliations(http);
        http.open(campaign, STOCK);
        var codes = new ConcurrentHashMap<String, String>();
        List<JsonNode> runs = new ArrayList<>();
        JsonNode repair;
        try (ExecutorService crowd = Executors.newFixedThreadPool(8)) {
            List<CompletableFuture<Void>> claims =
                    IntStream.range(0, CROWD)
                            .mapToObj(n ->
                                    CompletableFuture.runAsync(
                                            () -> {
                                                var answer = http.claim(campaign, "m" + n);
                                                if (answer.status() < 300) {
                                                    codes.put("m" + n, answer.get("couponCode"));
                                                }
                                            },
                                            crowd))
                            .toList();
            var all = CompletableFuture.allOf(claims.toArray(CompletableFuture[]::new));
            do {
                runs.add(reconciliations.completed(campaign, "DETECT"));
            } while (!all.isDone());
            all.join();
            crowd.shutdown();
            assertThat(crowd.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(runs)
                .allSatisfy(run ->
                        assertThat(run.path("findings").asLong()).as(run.toString()).isZero());
        assertThat(runs.stream().anyMatch(run -> run.path("winners").asLong() < STOCK)).isTrue();
        await().atMost(Duration.ofMinutes(1)).until(() -> rows(campaign) == STOCK);

        // the control: a run that finds nothing would also find nothing of what is there
        try (var redis = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
            String winner = codes.keySet().iterator().next();
            redis.hdel("coupon:{" + campaign + "}:participants", winner);
            repair = reconciliations.completed(campaign, "REPAIR");
            assertThat(http.claim(campaign, winner).get("couponCode")).isEqualTo(codes.get(winner));
        }
        assertThat(repair.path("findings").asLong()).isEqualTo(1);
        assertThat(repair.path("repaired").asLong()).isEqualTo(1);
        JsonNode stats = http.admin("GET", "/campaigns/" + campaign + "/stats", "").json();
        assertThat(stats.path("issued").asLong()).isEqualTo(STOCK);
        assertThat(stats.path("published").asLong()).isEqualTo(STOCK);
        assertThat(stats.path("recorded").asLong()).isEqualTo(STOCK);
        assertThat(stats.path("lag").path("unaccounted").asLong()).isZero();
        assertThat(codes).hasSize(STOCK);
        counts.read();
        for (String place : List.of("issued", "published", "recorded")) {
            assertThat(
                            meters.get("coupon.reconciliation.count")
                                    .tags("campaign", campaign, "place", place)
                                    .gauge()
                                    .value())
                    .isEqualTo(STOCK);
        }
    }

    private long rows(String campaign) {
        return jdbc.sql("SELECT count(*) FROM coupon_issuances WHERE campaign_id = ?")
                .param(campaign)
                .query(Long.class)
                .single();
    }
}
