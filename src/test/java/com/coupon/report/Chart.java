package com.coupon.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
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
public record Chart(
        String title,
        boolean bars,
        String x,
        String y,
        boolean logarithmicX,
        boolean logarithmicY,
        List<String> labels,
        List<Series> series,
        @Nullable Double goal) {

    private static final int MOST_POINTS = 600;

    /**
     * @param points pairs of x and y; of bars, y alone
     */
    public record Series(String name, List<List<Double>> points) {}

    public static Chart bars(
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

    /** The same with a logarithmic y-axis. */
    public Chart logarithmic() {
        return new Chart(title, bars, x, y, logarithmicX, true, labels, series, goal);
    }

    public static Chart lines(String title, String x, String y, List<Series> series) {
        return new Chart(title, false, x, y, false, false, List.of(), series, null);
    }

    /** Latency over percentiles, as 1 / (1 - percentile), both logarithmic. */
    public static Chart ofLatencies(String title, List<Series> series) {
        return new Chart(
                title, false, "percentile", "milliseconds", true, true, List.of(), series, null);
    }

    /** What share of the answers took longer than how long. */
    public static Series percentiles(String name, Latency latency) {
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
     * What came per second over time, in no more points than can be told apart.
     *
     * @param tenths how much of it in each tenth of a second
     */
    public static Series overTime(String name, long[] tenths) {
        int step = Math.max(1, (tenths.length + MOST_POINTS - 1) / MOST_POINTS);
        List<List<Double>> points = new ArrayList<>();
        for (int from = 0; from < tenths.length; from += step) {
            int to = Math.min(tenths.length, from + step);
            double sum = LongStream.of(Arrays.copyOfRange(tenths, from, to)).sum();
            points.add(List.of(from / 10.0, sum * 10 / (to - from)));
        }
        return new Series(name, points);
    }
}
