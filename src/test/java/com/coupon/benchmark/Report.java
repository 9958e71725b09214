package com.coupon.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that was found.
 *
 * @param at when it was measured
 * @param machine what on
 * @param options how long and how often
 */
record Report(Instant at, Machine machine, BenchmarkOptions options, List<Findings> findings) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** What all processes shared. */
    record Machine(int cores, long memoryMegabytes, String java, String os) {

        static Machine own() {
            long memory = 0;
            if (ManagementFactory.getOperatingSystemMXBean()
                    instanceof OperatingSystemMXBean system) {
                memory = system.getTotalMemorySize() >> 20;
            }
            return new Machine(
                    Runtime.getRuntime().availableProcessors(),
                    memory,
                    Runtime.version().toString(),
                    System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        }
    }

    static Report of(BenchmarkOptions options, List<Findings> findings) {
        return new Report(
                Instant.now().truncatedTo(ChronoUnit.SECONDS), Machine.own(), options, findings);
    }

    boolean isGood() {
        return findings.stream()
                .allMatch(one ->
                        one.failures().isEmpty() && one.goals().stream().allMatch(Goal::isReached));
    }

    /** Writes benchmark.json and index.html. */
    void write() throws IOException {
        Files.createDirectories(options.folder());
        String json = JSON.writeValueAsString(this);
        Files.writeString(options.folder().resolve("benchmark.json"), json);
        Files.writeString(options.folder().resolve("index.html"), ReportPage.of(json));
    }

    /** In a form that stays readable wherever it is pasted. */
    String table() {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%d cores, %,d MB, Java %s, %s; %d rounds of %d s each, %d connections, %d s of warm-up, collector %s%s, %s",
                        machine.cores(),
                        machine.memoryMegabytes(),
                        machine.java(),
                        machine.os(),
                        options.rounds(),
                        options.seconds(),
                        options.connections(),
                        options.warmUp(),
                        options.collector(),
                        options.quick() ? ", a rehearsal" : "",
                        at));
        findings.forEach(one -> lines.addAll(lines(one)));
        lines.add("");
        lines.add("| goal | | figure | |");
        lines.add("|---|---:|---:|---|");
        findings.stream()
                .flatMap(one -> one.goals().stream())
                .map(Report::line)
                .forEach(lines::add);
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    /** The table of one measurement. */
    static List<String> lines(Findings one) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("## " + one.title());
        if (!one.how().isEmpty()) {
            lines.add("");
            lines.add(one.how());
        }
        if (!one.rows().isEmpty()) {
            lines.add("");
            lines.add(
                    "| | per second | CPU µs each: serving | generator | Redis | Kafka | p50 ms | p99 ms | answers |");
            lines.add("|---|---:|---:|---:|---:|---:|---:|---:|---|");
            one.rows().stream().map(Report::line).forEach(lines::add);
        }
        one.failures()
                .forEach(failure -> {
                    lines.add("");
                    lines.add("✗ " + failure);
                });
        return lines;
    }

    private static String line(Row row) {
        return "| %s | %s | %s | %s | %s | %s | %s | %s | %s |"
                .formatted(
                        row.what(),
                        number(row.perSecond()),
                        cpu(row, Row.SERVING),
                        cpu(row, Row.GENERATOR),
                        cpu(row, Row.REDIS),
                        cpu(row, Row.KAFKA),
                        number(row.p50()),
                        number(row.p99()),
                        remarks(row));
    }

    private static String cpu(Row row, String who) {
        return number(row.cpuMicros().get(who));
    }

    private static String remarks(Row row) {
        Map<String, Long> answers = row.answers();
        long all = answers.values().stream().mapToLong(Long::longValue).sum();
        String told =
                answers.entrySet().stream()
                        .map(answer ->
                                String.format(
                                        Locale.ROOT,
                                        "%s: %.4g %%",
                                        answer.getKey(),
                                        100.0 * answer.getValue() / all))
                        .collect(Collectors.joining(", "));
        return told.isEmpty() || row.note().isEmpty()
                ? told + row.note()
                : told + "; " + row.note();
    }

    private static String line(Goal goal) {
        Double value = goal.value();
        return "| %s | %s %s | %s | %s |"
                .formatted(
                        goal.what(),
                        goal.atLeast() ? "≥" : "≤",
                        Double.toString(goal.bound()),
                        value == null ? "" : ratio(value),
                        value == null
                                ? "skipped: " + goal.skipped()
                                : goal.isReached() ? "✓ reached" : "✗ not reached");
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, value < 0.1 ? "%.4f" : "%.2f", value);
    }

    private static String number(@Nullable Double value) {
        if (value == null) {
            return "";
        }
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }
}
