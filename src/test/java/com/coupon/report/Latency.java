package com.coupon.report;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * How long answers took, in milliseconds.
 *
 * @param count of answers
 * @param curve percentile and milliseconds, in pairs
 */
public record Latency(
        long count,
        double p50,
        double p90,
        double p99,
        double p999,
        double max,
        List<List<Double>> curve) {

    /** Of no answer at all. */
    public static final Latency NONE = new Latency(0, 0, 0, 0, 0, 0, List.of());

    private static final int STEPS_PER_HALF = 2;

    /**
     * @param micros in microseconds
     */
    public static Latency of(Histogram micros) {
        List<List<Double>> curve = new ArrayList<>();
        for (HistogramIterationValue step : micros.percentiles(STEPS_PER_HALF)) {
            curve.add(
                    List.of(
                            step.getPercentileLevelIteratedTo(),
                            step.getValueIteratedTo() / 1_000.0));
        }
        return new Latency(
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / 1_000.0,
                micros.getValueAtPercentile(90) / 1_000.0,
                micros.getValueAtPercentile(99) / 1_000.0,
                micros.getValueAtPercentile(99.9) / 1_000.0,
                micros.getMaxValue() / 1_000.0,
                curve);
    }
}
