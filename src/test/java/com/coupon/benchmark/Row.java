package com.coupon.benchmark;

import com.coupon.report.Chart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one contender did.
 *
 * @param what it was
 * @param perSecond median of the rounds
 * @param rounds in each of them
 * @param cpuMicros CPU time for each answer, in microseconds, by who spent it; medians
 * @param p50 milliseconds, or null where there is no latency; medians
 * @param answers what was said how often, in all rounds, warm-up included
 * @param note or empty
 */
record Row(
        String what,
        double perSecond,
        List<Double> rounds,
        Map<String, Double> cpuMicros,
        @Nullable Double p50,
        @Nullable Double p99,
        SortedMap<String, Long> answers,
        String note) {

    static final String SERVING = "serving";
    static final String GENERATOR = "generator";
    static final String REDIS = "Redis";
    static final String KAFKA = "Kafka";

    /** Of something that is no load. */
    static Row of(String what, List<Double> rounds, String note) {
        return new Row(
                what, Medians.median(rounds), rounds, Map.of(), null, null, new TreeMap<>(), note);
    }

    /**
     * @param outcome the answer that counts
     * @param serving the processes that served
     */
    static Row of(
            Stage stage,
            String what,
            String outcome,
            List<LoadResult> results,
            List<Long> serving) {
        List<Double> rounds = results.stream().map(result -> result.rate(outcome)).toList();
        Map<String, Double> cpu = new LinkedHashMap<>();
        cpu.put(
                SERVING,
                median(
                        results,
                        result -> {
                            double sum = 0;
                            for (long pid : serving) {
                                sum += result.cpuMicrosPerAnswer(pid);
                            }
                            return sum;
                        }));
        cpu.put(GENERATOR, median(results, LoadResult::ownCpuMicrosPerAnswer));
        long redis = stage.backends().redisPid();
        cpu.put(REDIS, median(results, result -> result.cpuMicrosPerAnswer(redis)));
        long kafka = stage.backends().kafkaPid();
        cpu.put(KAFKA, median(results, result -> result.cpuMicrosPerAnswer(kafka)));
        SortedMap<String, Long> answers = new TreeMap<>();
        results.forEach(result ->
                result.total().forEach((name, count) -> answers.merge(name, count, Long::sum)));
        return new Row(
                what,
                Medians.median(rounds),
                rounds,
                cpu,
                median(results, result -> result.latency(outcome).p50()),
                median(results, result -> result.latency(outcome).p99()),
                answers,
                "");
    }

    /** One bar for each row. */
    static Chart rates(String title, List<Row> rows) {
        return Chart.bars(
                title,
                "per second",
                rows.stream().map(Row::what).toList(),
                rows.stream().map(Row::perSecond).toList(),
                null);
    }

    Row noting(String more) {
        return new Row(what, perSecond, rounds, cpuMicros, p50, p99, answers, more);
    }

    private interface Figure {
        double of(LoadResult result);
    }

    private static double median(List<LoadResult> results, Figure figure) {
        List<Double> figures = new ArrayList<>();
        results.forEach(result -> figures.add(figure.of(result)));
        return Medians.median(figures);
    }
}
