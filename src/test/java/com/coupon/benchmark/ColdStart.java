package com.coupon.benchmark;

import com.coupon.report.Chart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The first second of a service that has just become ready, since a drop opens at one instant. */
final class ColdStart implements Measurement {

    private static final int COUPONS = 1_000;
    private static final int REHEARSAL = 2;

    @Override
    public String name() {
        return "cold-start";
    }

    @Override
    public Findings measure(Stage stage) {
        stage.comparison();
        String gone = stage.soldOut();
        stage.stopService();
        var winning = new Starts(stage);
        var losing = new Starts(stage);
        for (int round = 1; round <= stage.options().rounds(); round++) {
            winning.add(stage.open("cold", COUPONS));
            losing.add(gone);
        }
        List<Chart.Series> series = new ArrayList<>(winning.series("start"));
        series.addAll(losing.series("nobody wins"));
        return new Findings(
                name(),
                "Cold start",
                "The service is started anew, and asked as fast as it answers from the moment it says it is ready; %,d coupons go in the first moments, or all are gone already. The generator has warmed up elsewhere. Steady is the median of the seconds %d to %d."
                        .formatted(COUPONS, winning.steadyFrom, winning.seconds),
                List.of(
                        Row.of("first second", winning.first, ""),
                        Row.of("steady", winning.steady, ""),
                        Row.of(
                                stage,
                                "all of it",
                                SoldOutAnswers.SOLD_OUT,
                                winning.results,
                                winning.pids),
                        Row.of("first second, nobody wins", losing.first, ""),
                        Row.of("steady, nobody wins", losing.steady, ""),
                        Row.of(
                                stage,
                                "all of it, nobody wins",
                                SoldOutAnswers.SOLD_OUT,
                                losing.results,
                                losing.pids)),
                List.of(
                        Goal.atLeast(
                                0.8,
                                "first second ÷ steady",
                                Medians.ratio(winning.first, winning.steady)),
                        Goal.atLeast(
                                0.8,
                                "first second ÷ steady, nobody wins",
                                Medians.ratio(losing.first, losing.steady))),
                List.of(
                        Chart.lines(
                                "Answers per second after the service became ready",
                                "seconds",
                                "per second",
                                series)),
                List.of());
    }

    /** What came of several processes, each of which was asked by a crowd at once. */
    private static final class Starts {

        private final Stage stage;
        private final int steadyFrom;
        private final int seconds;
        private final List<LoadResult> results = new ArrayList<>();
        private final List<Double> first = new ArrayList<>();
        private final List<Double> steady = new ArrayList<>();
        private final List<Long> pids = new ArrayList<>();

        Starts(Stage stage) {
            this.stage = stage;
            this.steadyFrom = stage.options().quick() ? 5 : 10;
            this.seconds = stage.options().quick() ? 8 : 15;
        }

        void add(String campaign) {
            try (ServiceProcess service = stage.launch(Map.of())) {
                LoadPlan plan =
                        LoadPlan.closed(
                                        service.port(),
                                        Stage.claims(campaign),
                                        stage.options().connections(),
                                        0,
                                        seconds)
                                .after(
                                        stage.comparisonPort(),
                                        "/servlet",
                                        REHEARSAL,
                                        service.readiness());
                LoadResult result = stage.loadAtOnce(plan, stage.watched(List.of(service.pid())));
                pids.add(service.pid());
                results.add(result);
                long[] tenths = result.answersOverTime();
                first.add(perSecond(tenths, 0));
                List<Double> late = new ArrayList<>();
                for (int second = steadyFrom; second < seconds; second++) {
                    late.add(perSecond(tenths, second));
                }
                steady.add(Medians.median(late));
            }
        }

        List<Chart.Series> series(String name) {
            return IntStream.range(0, results.size())
                    .mapToObj(i ->
                            Chart.overTime(name + " " + (i + 1), results.get(i).answersOverTime()))
                    .toList();
        }
    }

    private static double perSecond(long[] tenths, int second) {
        double sum = 0;
        for (int i = 10 * second; i < 10 * second + 10; i++) {
            sum += tenths[i];
        }
        return sum;
    }
}
