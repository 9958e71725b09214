package com.coupon.benchmark;

import com.coupon.report.Chart;
import com.coupon.report.Machine;
import com.coupon.report.Page;
import com.coupon.report.Section;
import com.coupon.report.Table;
import com.coupon.report.Table.Cell;
import com.coupon.report.Table.Mood;
import java.io.IOException;
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
        Files.writeString(options.folder().resolve("index.html"), page().html());
    }

    private Page page() {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("Goals", "", goals(), reached()));
        for (Findings one : findings) {
            sections.add(
                    new Section(
                            one.title(),
                            one.how(),
                            one.failures(),
                            one.rows().isEmpty() ? null : rows(one.rows()),
                            one.charts()));
        }
        return new Page("How fast coupons are handed out", about(), sections);
    }

    private String about() {
        return String.format(
                Locale.ROOT,
                "%s; %d rounds of %d s each, in turn, after %d s of warm-up; %d connections unless said otherwise; collector %s; all processes share the machine%s; %s",
                machine,
                options.rounds(),
                options.seconds(),
                options.warmUp(),
                options.connections(),
                options.collector(),
                options.quick() ? "; a rehearsal, whose figures say little" : "",
                at);
    }

    private Table goals() {
        return new Table(
                List.of("goal", "", "figure", ""),
                findings.stream().flatMap(one -> one.goals().stream()).map(Report::cells).toList());
    }

    private static List<Cell> cells(Goal goal) {
        Double value = goal.value();
        List<Cell> cells =
                new ArrayList<>(
                        Table.row(
                                goal.what(),
                                (goal.atLeast() ? "≥ " : "≤ ") + goal.bound(),
                                value == null ? "" : ratio(value)));
        cells.add(
                value == null
                        ? new Cell("skipped: " + goal.skipped(), Mood.ASIDE)
                        : goal.isReached()
                                ? new Cell("✓ reached", Mood.GOOD)
                                : new Cell("✗ not reached", Mood.BAD));
        return cells;
    }

    private Chart[] reached() {
        List<String> labels = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        for (Findings one : findings) {
            for (Goal goal : one.goals()) {
                Double value = goal.value();
                if (value != null && value > 0) {
                    labels.add(goal.what());
                    shares.add(goal.atLeast() ? value / goal.bound() : goal.bound() / value);
                }
            }
        }
        return labels.isEmpty()
                ? new Chart[0]
                : new Chart[] {
                    Chart.bars(
                                    "How far each goal is reached; 1 is the goal",
                                    "share of the goal",
                                    labels,
                                    shares,
                                    1.0)
                            .logarithmic()
                };
    }

    private static Table rows(List<Row> rows) {
        return new Table(
                List.of(
                        "",
                        "per second",
                        "CPU µs each: serving",
                        "generator",
                        "Redis",
                        "Kafka",
                        "p50 ms",
                        "p99 ms",
                        "answers"),
                rows.stream().map(Report::cells).toList());
    }

    private static List<Cell> cells(Row row) {
        return Table.row(
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

    /** In a form that stays readable wherever it is pasted. */
    String table() {
        List<String> lines = new ArrayList<>();
        lines.add(about());
        findings.forEach(one -> lines.addAll(lines(one)));
        lines.add("");
        lines.addAll(markdown(goals()));
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
            lines.addAll(markdown(rows(one.rows())));
        }
        one.failures()
                .forEach(failure -> {
                    lines.add("");
                    lines.add("✗ " + failure);
                });
        return lines;
    }

    private static List<String> markdown(Table table) {
        List<String> lines = new ArrayList<>();
        lines.add("| " + String.join(" | ", table.heads()) + " |");
        lines.add("|---|" + "---:|".repeat(table.heads().size() - 2) + "---|");
        for (List<Cell> row : table.rows()) {
            lines.add(row.stream().map(Cell::text).collect(Collectors.joining(" | ", "| ", " |")));
        }
        return lines;
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
