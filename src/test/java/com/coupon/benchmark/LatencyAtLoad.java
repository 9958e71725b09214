package com.coupon.benchmark;

import com.coupon.report.Chart;
import com.coupon.report.Latency;
import java.util.ArrayList;
import java.util.List;

/** How long an answer takes at 70 % of what the service can do. */
final class LatencyAtLoad implements Measurement {

    private static final double SHARE = 0.7;
    private static final int CONNECTIONS = 256;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public Findings measure(Stage stage) {
        String soldOut = stage.soldOut();
        List<Row> rows = new ArrayList<>();
        List<Chart.Series> series = new ArrayList<>();
        measure(stage, "sold out", soldOut, SoldOutAnswers.SOLD_OUT, rows, series);
        String live = stage.open("latency", Stage.PLENTY);
        measure(stage, "live", live, LiveClaims.ISSUED, rows, series);
        return new Findings(
                name(),
                "Latency at 70 % of the peak",
                "An even stream of arrivals on %d connections. Latency counts from when a request was due, whether or not a connection was free then."
                        .formatted(CONNECTIONS),
                rows,
                List.of(),
                List.of(Chart.ofLatencies("Latency at 70 % of the peak", series)),
                List.of());
    }

    private static void measure(
            Stage stage,
            String what,
            String campaign,
            String outcome,
            List<Row> rows,
            List<Chart.Series> series) {
        ServiceProcess service = stage.service();
        List<Long> pids = List.of(service.pid());
        LoadPlan plan = stage.plan(service.port(), Stage.claims(campaign)).on(CONNECTIONS);
        stage.load(plan.lasting(stage.options().warmUp()), pids);
        List<LoadResult> peaks = new ArrayList<>();
        List<LoadResult> results = new ArrayList<>();
        for (int round = 0; round < stage.options().rounds(); round++) {
            LoadResult peak = stage.load(plan, pids);
            peaks.add(peak);
            int pace = Math.max(1, (int) (SHARE * peak.rate(outcome)));
            results.add(stage.load(plan.open(pace), pids));
        }
        rows.add(Row.of(stage, what + ", peak", outcome, peaks, pids));
        LoadResult last = results.getLast();
        Latency latency = last.latency(outcome);
        rows.add(
                Row.of(stage, what + ", 70 %", outcome, results, pids)
                        .noting(
                                "last round: p90 %.2f, p99.9 %.2f, max %.1f ms; %,d arrivals not sent"
                                        .formatted(
                                                latency.p90(),
                                                latency.p999(),
                                                latency.max(),
                                                last.notSent())));
        series.add(Chart.percentiles(what, latency));
    }
}
