package com.coupon.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.servers.PostgresProcess;
import com.coupon.servers.RedisProcess;
import com.coupon.servers.RunningServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;

/** A side that dies in the middle of a run ends it, says so, and leaves nothing half mended. */
class ReconciliationOutageIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
    private static final String CAMPAIGN = "outage";
    private static final int WINNERS = 20;

    @TempDir Path folder;

    private RedisProcess redis;
    private PostgresProcess postgres;
    private @Nullable ConfigurableApplicationContext service;
    private Http http = new Http(0);
    private Reconciliations reconciliations = new Reconciliations(http);

    @BeforeEach
    void startWithWinnersWhoseRowsAreLost() {
        // First of all: PostgreSQL is unpacked once, and the folder of this test is not kept.
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        redis = RedisProcess.start(folder, "appendonly yes", "appendfsync always");
        postgres = new PostgresProcess(folder);
        properties.put("coupon.redis.nodes", redis.address().toString());
        properties.put("coupon.redis.replicas-to-await", "0");
        properties.put("spring.datasource.url", postgres.jdbcUrl());
        properties.put("coupon.kafka.topic", "outage-" + UUID.randomUUID());
        properties.put("coupon.security.identity", "header");
        properties.put("coupon.reconciliation.scheduled", "false");
        properties.put("coupon.reconciliation.grace-period", "3s");
        properties.put("coupon.reconciliation.poll-interval", "100ms");
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        ConfigurableApplicationContext started =
                new SpringApplicationBuilder(CouponApplication.class)
                        .profiles("consumer")
                        .run(
                                properties.entrySet().stream()
                                        .map(one -> "--" + one.getKey() + "=" + one.getValue())
                                        .toArray(String[]::new));
        service = started;
        http =
                new Http(
                        service.getEnvironment()
                                .getRequiredProperty("local.server.port", Integer.class));
        reconciliations = new Reconciliations(http);
        http.open(CAMPAIGN, WINNERS);
        try (Jedis connection = redis.connect()) {
            var all = connection.multi();
            for (int n = 1; n <= WINNERS; n++) {
                all.hset(
                        "coupon:{outage}:participants",
                        "m" + n,
                        n + ":" + "%020x".formatted(n) + ":1700000000000:1:ISSUED");
            }
            all.hset(
                    "coupon:{outage}:campaign",
                    Map.of("issued", "" + WINNERS, "published", "" + WINNERS));
            all.set("coupon:{outage}:stock", "0");
            all.exec();
        }
    }

    @AfterEach
    void stop() {
        try (var _ = redis;
                var _ = postgres) {
            if (service != null) {
                service.close();
            }
        }
    }

    private long entries() {
        try (Jedis connection = redis.connect()) {
            return connection.xlen("coupon:{outage}:outbox");
        }
    }

    private String settlingRepair() {
        String run = reconciliations.request(CAMPAIGN, "REPAIR");
        await().atMost(LONG_ENOUGH)
                .until(() ->
                        reconciliations.find(run).path("phase").asString("").equals("SETTLING"));
        return run;
    }

    @Test
    void whereRedisDiesTheRunFailsAndTheNextOneMendsAll() {
        String run = settlingRepair();

        redis.signals().kill();

        JsonNode failed = reconciliations.awaitEnd(run);
        assertThat(failed.path("status").asString("")).isEqualTo("FAILED");
        assertThat(failed.path("reason").asString("")).isNotBlank();
        assertThat(failed.path("repaired").asLong()).isZero();
        redis.relaunch();
        assertThat(entries()).isZero();
    }

    @Test
    void whereTheDatabaseDiesTheRunHasFailedOnceItIsBack() {
        String run = settlingRepair();

        postgres.signals().kill();
        await().atMost(LONG_ENOUGH).until(() -> http.admin("GET", run, "").status() == 503);
        postgres.restart();

        JsonNode failed =
                await().atMost(LONG_ENOUGH)
                        .until(
                                () -> reconciliations.find(run),
                                body -> body.path("status").asString("").equals("FAILED"));
        assertThat(failed.path("reason").asString("")).isNotBlank();
        assertThat(failed.path("repaired").asLong()).isZero();
        assertThat(entries()).isZero();

        JsonNode mended = reconciliations.completed(CAMPAIGN, "REPAIR");
        assertThat(mended.path("findings").asLong()).isEqualTo(WINNERS);
        assertThat(mended.path("repaired").asLong()).isEqualTo(WINNERS);
        assertThat(entries()).isEqualTo(WINNERS);
        assertThat(rowsOfTheOutbox()).isEqualTo(WINNERS);
    }

    /** No relay runs here, so each repair still waits to be carried. */
    private long rowsOfTheOutbox() {
        try (Jedis connection = redis.connect()) {
            return connection.xrange("coupon:{outage}:outbox", "-", "+").stream()
                    .map(entry -> entry.getFields().get("serial"))
                    .distinct()
                    .count();
        }
    }
}
