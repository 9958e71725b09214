package com.coupon.benchmark;

import com.coupon.benchmark.Contest.Contender;
import com.coupon.report.Chart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What deciding many claims in one call of Redis is worth. */
final class BatchSizes implements Measurement {

    private static final String SETTING = "coupon.issuance.claims.batch-size";

    @Override
    public String name() {
        return "batch-size";
    }

    @Override
    public Findings measure(Stage stage) {
        List<Integer> sizes = List.of(1, 16, 64, 256);
        List<Row> rows = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (int size : sizes) {
            ServiceProcess service = stage.service(Map.of(SETTING, Integer.toString(size)));
            String campaign = stage.open("batch", Stage.PLENTY);
            LoadPlan plan = stage.plan(service.port(), Stage.claims(campaign)).on(256);
            var claims =
                    new Contender(
                            "at most %d a batch".formatted(size),
                            plan,
                            LiveClaims.ISSUED,
                            service.pid());
            var contest = Contest.of(stage, List.of(claims));
            LiveClaims.check(stage, contest, claims, List.of(campaign), failures);
            Row row = contest.row(claims);
            rows.add(row);
            rates.add(row.perSecond());
        }
        return new Findings(
                name(),
                "Live claims by the size of batches",
                "256 connections; the service is started anew for each size.",
                rows,
                List.of(),
                List.of(
                        Chart.bars(
                                "Live claims per second by the size of batches",
                                "per second",
                                sizes.stream().map(size -> size.toString()).toList(),
                                rates,
                                null)),
                failures);
    }
}
