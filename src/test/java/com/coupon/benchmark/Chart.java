package com.coupon.benchmark;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plot.
 *
 * @param bars whether it shows bars, one for each label, and not lines
 * @param logarithmicX whether the x-axis is
 * @param logarithmicY whether the y-axis is
 * @param labels of bars
 * @param goal a height that is marked, or null
 */
record Chart(
        String title,
        boolean bars,
        String x,
        String y,
        boolean logarithmicX,
        boolean logarithmicY,
        List<String> labels,
        List<Series> series,
        @Nullable Double goal) {

    /**
     * @param points pairs of x and y; of bars, y alone
     */
    record Series(String name, List<List<Double>> points) {}

    /** One bar for each row. */
    static Chart ofRates(String title, List<Row> rows) {
        return bars(
                title,
                "per second",
                rows.stream().map(Row::what).toList(),
                rows.stream().map(Row::perSecond).toList(),
                null);
    }

    static Chart bars(
            String title,
            String y,
            List<String> labels,
            List<Double> heights,
            @Nullable Double goal) {
        return new Chart(
                title,
                true,
                "",
                y,
                false,
                false,
                labels,
                List.of(new Series(y, heights.stream().map(List::of).toList())),
                goal);
    }

    static Chart lines(String title, String x, String y, List<Series> series) {
        return new Chart(title, false, x, y, false, false, List.of(), series, null);
    }

    /** Latency over percentiles, as 1 / (1 - percentile), both logarithmic. */
    static Chart ofLatencies(String title, List<Series> series) {
        return new Chart(
                title, false, "percentile", "milliseconds", true, true, List.of(), series, null);
    }

    /** What share of the answers took longer than how long. */
    static Series percentiles(String name, LoadResult.Latency latency) {
        List<List<Double>> points = new ArrayList<>();
        for (List<Double> step : latency.curve()) {
            double slower = 100 - step.getFirst();
            if (slower > 0) {
                points.add(List.of(100 / slower, Math.max(0.001, step.getLast())));
            }
        }
        return new Series(name, points);
    }

    /**
     * Answers per second over time.
     *
     * @param tenths answers in each tenth of a second
     */
    static Series overTime(String name, long[] tenths) {
        List<List<Double>> points = new ArrayList<>();
        for (int i = 0; i < tenths.length; i++) {
            points.add(List.of(i / 10.0, tenths[i] * 10.0));
        }
        return new Series(name, points);
    }
}
