package com.coupon.benchmark;

import com.coupon.report.Chart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The first second of a service that has just become ready, since a drop opens at one instant. */
final class ColdStart implements Measurement {

    private static final int COUPONS = 1_000;
    private static final int REHEARSAL = 2;
    private static final String NOBODY_WINS = ", nobody wins";

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
        return new Findings(
                name(),
                "Cold start",
                "The service is started anew, and asked as fast as it answers from the moment it says it is ready; %,d coupons go in the first moments, or all are gone already. The generator has warmed up elsewhere. Steady is the median of the seconds %d to %d."
                        .formatted(COUPONS, winning.steadyFrom, winning.seconds),
                Stream.concat(winning.rows(""), losing.rows(NOBODY_WINS)).toList(),
                List.of(winning.goal(""), losing.goal(NOBODY_WINS)),
                List.of(
                        Chart.lines(
                                "Answers per second after the service became ready",
                                "seconds",
                                "per second",
                                Stream.concat(winning.series("start"), losing.series("nobody wins"))
                                        .toList())),
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

        Stream<Row> rows(String which) {
            return Stream.of(
                    Row.of("first second" + which, first, ""),
                    Row.of("steady" + which, steady, ""),
                    Row.of(stage, "all of it" + which, SoldOutAnswers.SOLD_OUT, results, pids));
        }

        Goal goal(String which) {
            return Goal.atLeast(0.8, "first second ÷ steady" + which, Medians.ratio(first, steady));
        }

        Stream<Chart.Series> series(String name) {
            return IntStream.range(0, results.size())
                    .mapToObj(i ->
                            Chart.overTime(name + " " + (i + 1), results.get(i).answersOverTime()));
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
