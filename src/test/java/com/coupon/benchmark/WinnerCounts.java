package com.coupon.benchmark;

import com.coupon.benchmark.Contest.Contender;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** Whether the first million of winners makes the next one dearer. */
final class WinnerCounts implements Measurement {

    private static final int AT_ONCE = 1_000;

    @Override
    public String name() {
        return "members";
    }

    @Override
    public Findings measure(Stage stage) {
        List<Integer> counts =
                stage.options().quick()
                        ? List.of(0, 10_000, 100_000)
                        : List.of(0, 100_000, 1_000_000);
        ServiceProcess service = stage.service();
        List<Contender> contenders = new ArrayList<>();
        for (int count : counts) {
            String campaign = stage.open("winners", Stage.PLENTY);
            plant(stage, campaign, count);
            contenders.add(
                    new Contender(
                            String.format(Locale.ROOT, "%,d winners before", count),
                            stage.plan(service.port(), Stage.claims(campaign)),
                            LiveClaims.ISSUED,
                            service.pid()));
        }
        var contest = Contest.of(stage, contenders);
        List<Row> rows = contenders.stream().map(contest::row).toList();
        return new Findings(
                name(),
                "Live claims by the number of winners there are",
                "Winners are written to Redis as the script writes them, with their counters, before the service has seen the campaign.",
                rows,
                List.of(),
                List.of(Row.rates("Live claims per second by winners there are", rows)),
                List.of());
    }

    private static void plant(Stage stage, String campaign, int count) {
        String prefix = "coupon:{" + campaign + "}:";
        try (Jedis redis = stage.backends().connect()) {
            for (int from = 1; from <= count; from += AT_ONCE) {
                Map<String, String> winners = new HashMap<>();
                for (int serial = from; serial < from + AT_ONCE && serial <= count; serial++) {
                    winners.put(
                            "planted-%010d".formatted(serial),
                            "%d:%020x:%d:1:ISSUED".formatted(serial, serial, 1_700_000_000_000L));
                }
                redis.hset(prefix + "participants", winners);
            }
            try (Pipeline counters = redis.pipelined()) {
                counters.hset(prefix + "campaign", "issued", Integer.toString(count));
                counters.set(prefix + "stock", Integer.toString(Stage.PLENTY - count));
            }
        }
    }
}
