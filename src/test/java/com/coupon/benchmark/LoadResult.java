package com.coupon.benchmark;

import com.coupon.report.Latency;
import java.util.Map;
import java.util.SortedMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a load generator saw.
 *
 * @param seconds that were counted
 * @param sent requests since ever, those of the warm-up included
 * @param notSent arrivals that were not sent, because too many were waiting already
 * @param reconnects connections that had to be opened anew
 * @param total what came of all requests that were sent, or gave up before, since ever
 * @param answers what came of those that were over after counting started and due before it ended,
 *     from when a request was due to the end of its answer
 * @param series how many answers of each kind came in each tenth of a second while it was counted
 * @param cpuMicros CPU time of the processes that were watched, while it was counted, by their ids
 * @param ownCpuMicros CPU time of the generator
 */
record LoadResult(
        int seconds,
        long sent,
        long notSent,
        long reconnects,
        SortedMap<String, Long> total,
        SortedMap<String, Latency> answers,
        SortedMap<String, long[]> series,
        Map<Long, Long> cpuMicros,
        long ownCpuMicros) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static LoadResult read(String json) {
        return JSON.readValue(json, LoadResult.class);
    }

    String write() {
        return JSON.writeValueAsString(this);
    }

    /** Answers of a kind in a second of what was counted. */
    double rate(String outcome) {
        long count = 0;
        for (long interval : series.getOrDefault(outcome, new long[0])) {
            count += interval;
        }
        return (double) count / seconds;
    }

    /** Answers of servers in a second, whatever they say. */
    double rate() {
        return series.keySet().stream().filter(LoadResult::isAnswer).mapToDouble(this::rate).sum();
    }

    /** Answers in each tenth of a second, whatever they say. */
    long[] answersOverTime() {
        long[] sum = new long[10 * seconds];
        series.forEach((outcome, counts) -> {
            if (isAnswer(outcome)) {
                for (int i = 0; i < sum.length && i < counts.length; i++) {
                    sum[i] += counts[i];
                }
            }
        });
        return sum;
    }

    static boolean isAnswer(String outcome) {
        return Character.isDigit(outcome.charAt(0));
    }

    /** Of all that was told since ever. */
    long told(String outcome) {
        return total.getOrDefault(outcome, 0L);
    }

    /** Of answers of a kind; all is 0 where there were none. */
    Latency latency(String outcome) {
        return answers.getOrDefault(outcome, Latency.NONE);
    }

    /** CPU time of a process for each answer, in microseconds. */
    double cpuMicrosPerAnswer(long pid) {
        return cpuMicros.getOrDefault(pid, 0L) / Math.max(1, rate() * seconds);
    }

    double ownCpuMicrosPerAnswer() {
        return ownCpuMicros / Math.max(1, rate() * seconds);
    }
}
