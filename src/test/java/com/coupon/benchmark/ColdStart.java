package com.coupon.benchmark;

import com.coupon.report.Chart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
        int steadyFrom = stage.options().quick() ? 5 : 10;
        int seconds = stage.options().quick() ? 8 : 15;
        stage.comparison();
        stage.stopService();
        List<LoadResult> results = new ArrayList<>();
        List<Double> first = new ArrayList<>();
        List<Double> steady = new ArrayList<>();
        List<Chart.Series> series = new ArrayList<>();
        List<Long> pids = new ArrayList<>();
        for (int round = 1; round <= stage.options().rounds(); round++) {
            String campaign = stage.open("cold", COUPONS);
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
                series.add(Chart.overTime("start " + round, tenths));
            }
        }
        return new Findings(
                name(),
                "Cold start",
                "The service is started anew, and asked as fast as it answers from the moment it says it is ready; %,d coupons go in the first moments. The generator has warmed up elsewhere. Steady is the median of the seconds %d to %d."
                        .formatted(COUPONS, steadyFrom, seconds),
                List.of(
                        Row.of("first second", first, ""),
                        Row.of("steady", steady, ""),
                        Row.of(stage, "all of it", SoldOutAnswers.SOLD_OUT, results, pids)),
                List.of(Goal.atLeast(0.8, "first second ÷ steady", Medians.ratio(first, steady))),
                List.of(
                        Chart.lines(
                                "Answers per second after the service became ready",
                                "seconds",
                                "per second",
                                series)),
                List.of());
    }

    private static double perSecond(long[] tenths, int second) {
        double sum = 0;
        for (int i = 10 * second; i < 10 * second + 10; i++) {
            sum += tenths[i];
        }
        return sum;
    }
}
