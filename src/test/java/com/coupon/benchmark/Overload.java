package com.coupon.benchmark;

import com.coupon.report.Chart;
import com.coupon.report.Latency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What becomes of the service when it is asked for many times what it can do. */
final class Overload implements Measurement {

    private static final Duration DISTANCE = Duration.ofMillis(5);
    private static final int BATCH = 8;

    /** Until a lane that is offered too much is found to be in overload, and has become short. */
    private static final int ONSET_SECONDS = 3;

    private static final int CLIENT_TIMEOUT_MILLIS = 5_000;
    private static final int PEAK_CONNECTIONS = 256;
    private static final List<Double> TIMES = List.of(0.7, 1.0, 2.0, 5.0, 10.0);

    /** Which of them are too much. */
    private static final double TOO_MUCH = 2;

    @Override
    public String name() {
        return "overload";
    }

    @Override
    public Findings measure(Stage stage) {
        try (var relay = new LatencyRelay(stage.backends().redis().getPort(), DISTANCE)) {
            return measure(stage, relay);
        } finally {
            stage.stopService();
        }
    }

    private Findings measure(Stage stage, LatencyRelay relay) {
        String campaign = stage.open("overload", Stage.PLENTY);
        ServiceProcess service =
                stage.service(
                        Map.of(
                                "coupon.redis.nodes",
                                "127.0.0.1:" + relay.port(),
                                "coupon.issuance.claims.batch-size",
                                Integer.toString(BATCH)));
        List<Long> pids = List.of(service.pid());
        int connections = stage.options().quick() ? 1_000 : 4_000;
        LoadPlan closed =
                stage.plan(service.port(), Stage.claims(campaign))
                        .on(PEAK_CONNECTIONS)
                        .givingUpAfter(CLIENT_TIMEOUT_MILLIS);
        LoadPlan open = closed.on(connections).lasting(2 * stage.options().seconds());
        LoadResult first = stage.load(closed.lasting(stage.options().warmUp()), pids);
        // What is refused has its own way through the service, which is to be warm, too
        int tooMany = Math.max(1, (int) (10 * first.rate(LiveClaims.ISSUED)));
        stage.load(open.lasting(stage.options().warmUp()).open(tooMany), pids);
        List<LoadResult> peaks = new ArrayList<>();
        for (int round = 0; round < stage.options().rounds(); round++) {
            peaks.add(stage.load(closed, pids));
        }
        Row peak = Row.of(stage, "peak, as fast as is answered", LiveClaims.ISSUED, peaks, pids);

        List<Row> rows = new ArrayList<>(List.of(peak));
        List<Chart.Series> overTime = new ArrayList<>();
        List<Chart.Series> latencies = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        List<Double> goodputs = new ArrayList<>();
        double worstGoodput = Double.MAX_VALUE;
        double calm = 0;
        double worstLatency = 0;
        for (double times : TIMES) {
            LoadPlan plan = open.open(pace(peak, times));
            LoadResult result = stage.load(plan.settlingFor(ONSET_SECONDS), pids);
            String what = String.format(Locale.ROOT, "%.1f × the peak", times);
            double goodput = finalAnswers(result) / peak.perSecond();
            double p99 = p99(result);
            if (times == TIMES.getFirst()) {
                calm = p99;
            }
            if (times >= TOO_MUCH) {
                worstGoodput = Math.min(worstGoodput, goodput);
                worstLatency = Math.max(worstLatency, p99);
            }
            labels.add(what);
            goodputs.add(goodput);
            rows.add(row(stage, what, result, peak, pace(peak, times), calm, pids));
            if (times == TIMES.getLast()) {
                rows.add(
                        row(
                                stage,
                                what + ", from its first moment",
                                stage.load(plan, pids),
                                peak,
                                pace(peak, times),
                                calm,
                                pids));
            }
            overTime.add(
                    Chart.overTime(
                            what, result.series().getOrDefault(LiveClaims.ISSUED, new long[0])));
            latencies.add(Chart.percentiles(what, result.latency(LiveClaims.ISSUED)));
        }
        return new Findings(
                name(),
                "Overload",
                "Redis is put %d ms away in each direction and a batch has %d claims at most, so that the peak is bounded by the distance and ten times as much can be offered on this machine. Arrivals are even, on %,d connections, and clients give up after %d s. It is counted after the first %d s, in which a burst is let in that is worked off within a second; but for the last row. Of the goals, the worst of 2, 5 and 10 times the peak counts."
                        .formatted(
                                DISTANCE.toMillis(),
                                BATCH,
                                connections,
                                CLIENT_TIMEOUT_MILLIS / 1_000,
                                ONSET_SECONDS),
                rows,
                List.of(
                        Goal.atLeast(0.9, "overload: goodput ÷ peak", worstGoodput),
                        Goal.atMost(
                                2.0,
                                "overload: p99 of the accepted ÷ p99 at 0.7",
                                worstLatency / calm)),
                List.of(
                        Chart.bars("Goodput ÷ peak", "ratio", labels, goodputs, 0.9),
                        Chart.lines(
                                "Accepted claims per second", "seconds", "per second", overTime),
                        Chart.ofLatencies("Latency of accepted claims", latencies)),
                List.of());
    }

    private static Row row(
            Stage stage,
            String what,
            LoadResult result,
            Row peak,
            int offered,
            double calm,
            List<Long> pids) {
        return Row.of(stage, what, LiveClaims.ISSUED, List.of(result), pids)
                .noting(
                        "goodput %.2f of the peak, p99 %.1f times that at 0.7; 503: %.0f %%; offered %,d/s, %,d not sent"
                                .formatted(
                                        finalAnswers(result) / peak.perSecond(),
                                        p99(result) / calm,
                                        100 * refused(result) / result.rate(),
                                        offered,
                                        result.notSent()));
    }

    /** Where nobody was accepted, whoever waited for it has waited in vain. */
    private static double p99(LoadResult result) {
        Latency accepted = result.latency(LiveClaims.ISSUED);
        return accepted.count() == 0 ? CLIENT_TIMEOUT_MILLIS : accepted.p99();
    }

    private static int pace(Row peak, double times) {
        return Math.max(1, (int) (times * peak.perSecond()));
    }

    /** A second; what a member hears who need not ask again. */
    private static double finalAnswers(LoadResult result) {
        return result.series().keySet().stream()
                .filter(name ->
                        name.startsWith("200") || name.startsWith("201") || name.startsWith("409"))
                .mapToDouble(result::rate)
                .sum();
    }

    private static double refused(LoadResult result) {
        return result.series().keySet().stream()
                .filter(name -> name.startsWith("503") || name.startsWith("429"))
                .mapToDouble(result::rate)
                .sum();
    }
}
