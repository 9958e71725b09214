package com.coupon.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import redis.clients.jedis.Jedis;

/** How much of Redis a claim takes. */
final class CommandsPerClaim implements Measurement {

    private static final int COUPONS = 1_000;
    private static final int CONNECTIONS = 256;

    @Override
    public String name() {
        return "commands";
    }

    @Override
    public Findings measure(Stage stage) {
        ServiceProcess service = stage.service();
        LoadPlan plan = stage.plan(service.port(), "/").on(CONNECTIONS);
        List<Row> rows = new ArrayList<>();
        String live = stage.open("commands", Stage.PLENTY);
        measure(stage, "live", plan, live, LiveClaims.ISSUED, rows);
        String drop = stage.open("drop", COUPONS);
        double ofDrop =
                measure(
                        stage,
                        "a drop of %,d coupons, from its first claim".formatted(COUPONS),
                        plan,
                        drop,
                        SoldOutAnswers.SOLD_OUT,
                        rows);
        measure(stage, "sold out", plan, drop, SoldOutAnswers.SOLD_OUT, rows);
        return new Findings(
                name(),
                "Redis commands per claim",
                "INFO commandstats before and after, %d connections. What clients call are scripts and WAIT, those of the relay to Kafka included; Redis counts what scripts call, too."
                        .formatted(CONNECTIONS),
                rows,
                List.of(Goal.atMost(0.01, "Redis commands per claim of a drop", ofDrop)),
                List.of(),
                List.of());
    }

    /** Calls per claim. */
    private static double measure(
            Stage stage,
            String what,
            LoadPlan plan,
            String campaign,
            String outcome,
            List<Row> rows) {
        long pid = stage.service().pid();
        List<Long> pids = List.of(pid);
        stage.awaitQuiet(stage.watched(pids));
        try (Jedis redis = stage.backends().connect()) {
            RedisCommands before = RedisCommands.of(redis);
            LoadResult result = stage.load(plan.to(List.of(Stage.claims(campaign))), pids);
            stage.awaitQuiet(stage.watched(pids));
            RedisCommands more = RedisCommands.of(redis).since(before);
            double claims = Math.max(1, result.sent());
            rows.add(
                    Row.of(stage, what, outcome, List.of(result), pids)
                            .noting(
                                    String.format(
                                            Locale.ROOT,
                                            "%.4f calls of clients per claim, %.3f commands in all",
                                            more.fromClients() / claims,
                                            more.all() / claims)));
            return more.fromClients() / claims;
        }
    }
}
