package com.coupon.crowd;

import com.coupon.report.Chart;
import com.coupon.report.Machine;
import com.coupon.report.Page;
import com.coupon.report.Section;
import com.coupon.report.Table;
import com.coupon.report.Table.Cell;
import com.coupon.report.Table.Mood;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What came out.
 *
 * @param at when it was over
 * @param machine what the crowd ran on
 */
public record Report(
        Instant at, Machine machine, CrowdOptions options, Tally tally, List<LedgerCheck> checks) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static Report of(CrowdOptions options, Tally tally, List<LedgerCheck> checks) {
        return new Report(
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Machine.own(),
                options,
                tally,
                checks);
    }

    boolean isGood() {
        return checks.stream().allMatch(LedgerCheck::holds);
    }

    /**
     * Writes crowd.json and index.html, without the codes of the coupons.
     *
     * @return the page
     */
    Path write() throws IOException {
        Files.createDirectories(options.folder());
        Files.writeString(options.folder().resolve("crowd.json"), JSON.writeValueAsString(this));
        return Files.writeString(options.folder().resolve("index.html"), page().html());
    }

    /** In lines that stay aligned wherever they are pasted. */
    String text() {
        var lines = new Lines();
        lines.add(crowd());
        lines.add(
                "%d cores, Java %s (%s), %s"
                        .formatted(
                                machine.cores(),
                                machine.java(),
                                System.getProperty("os.arch"),
                                at));
        lines.add(tally);
        lines.add("");
        for (LedgerCheck check : checks) {
            lines.add("%s %-28s %s".formatted(mark(check), check.name(), check.sentence()));
        }
        return lines.toString();
    }

    /** The tally alone, of a crowd that need not be the only one to claim. */
    public static String of(Tally tally) {
        var lines = new Lines();
        lines.add(tally);
        return lines.toString();
    }

    private String crowd() {
        return String.format(
                Locale.ROOT,
                "%,d members, %,d coupons, %,d connections",
                options.clients(),
                options.coupons(),
                options.connections());
    }

    private static String mark(LedgerCheck check) {
        return check.holds() ? "✓" : "✗";
    }

    private Page page() {
        return new Page(
                String.format(
                        Locale.ROOT,
                        "%,d members for %,d coupons",
                        options.clients(),
                        options.coupons()),
                "%s; %d connections to %s, campaign %s; %s"
                        .formatted(
                                machine,
                                options.connections(),
                                options.url(),
                                options.campaign(),
                                at),
                List.of(
                        new Section(
                                isGood() ? "It came out exactly" : "It did not come out",
                                "Each member claims once, and asks again until the answer is final. What they were told is held against the ledger in PostgreSQL.",
                                new Table(
                                        List.of("", "", ""),
                                        checks.stream().map(Report::cells).toList())),
                        new Section(
                                "What members were told",
                                String.format(
                                        Locale.ROOT,
                                        "%,d members were answered for good within %.1f s, %,.0f in a second.",
                                        tally.finallyAnswered(),
                                        tally.seconds(),
                                        tally.claimsPerSecond()),
                                counts(List.of("", "members", "share"), tally.answers()),
                                Chart.lines(
                                        "Final answers per second",
                                        "seconds",
                                        "per second",
                                        overTime(tally.answers())),
                                Chart.lines(
                                        "Coupons issued", "seconds", "coupons", List.of(issued()))),
                        new Section(
                                "What had to be asked again",
                                tally.repeats().isEmpty()
                                        ? "Nothing: every first answer was final."
                                        : "Answers that were not final, and answers that did not come.",
                                tally.repeats().isEmpty()
                                        ? null
                                        : counts(List.of("", "requests", "share"), tally.repeats()),
                                repeats()),
                        new Section(
                                "How long an answer took",
                                "From handing a request to the connection pool until its response was read.",
                                latencies(),
                                Chart.ofLatencies(
                                        "Latency by percentile",
                                        List.of(
                                                Chart.percentiles(
                                                        "all answers", tally.latency()))))));
    }

    private static List<Cell> cells(LedgerCheck check) {
        return List.of(
                Cell.plain(check.name()),
                check.holds() ? new Cell("✓ holds", Mood.GOOD) : new Cell("✗ fails", Mood.BAD),
                Cell.plain(check.sentence()));
    }

    private static Table counts(List<String> heads, Map<String, Long> counts) {
        double all = Tally.sum(counts);
        return new Table(
                heads,
                counts.entrySet().stream()
                        .map(count ->
                                Table.row(
                                        count.getKey(),
                                        String.format(Locale.ROOT, "%,d", count.getValue()),
                                        String.format(
                                                Locale.ROOT,
                                                "%.4g %%",
                                                100 * count.getValue() / all)))
                        .toList());
    }

    private List<Chart.Series> overTime(Map<String, Long> counts) {
        return tally.overTime().entrySet().stream()
                .filter(one -> counts.containsKey(one.getKey()))
                .map(one -> Chart.overTime(one.getKey(), one.getValue()))
                .toList();
    }

    private Chart[] repeats() {
        List<Chart.Series> series = overTime(tally.repeats());
        return series.isEmpty()
                ? new Chart[0]
                : new Chart[] {Chart.lines("Repeats per second", "seconds", "per second", series)};
    }

    /** Up to the tenth of a second that issued the last one. */
    private Chart.Series issued() {
        List<List<Double>> points = new ArrayList<>();
        points.add(List.of(0.0, 0.0));
        long sum = 0;
        long[] tenths = tally.overTime().getOrDefault(Tally.ISSUED, new long[0]);
        for (int i = 0; i < tenths.length; i++) {
            if (tenths[i] > 0) {
                sum += tenths[i];
                points.add(List.of((i + 1) / 10.0, (double) sum));
            }
        }
        return new Chart.Series("issued", points);
    }

    private Table latencies() {
        var latency = tally.latency();
        return new Table(
                List.of("answers", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms"),
                List.of(
                        Table.row(
                                String.format(Locale.ROOT, "%,d", latency.count()),
                                decimal(latency.p50()),
                                decimal(latency.p90()),
                                decimal(latency.p99()),
                                decimal(latency.p999()),
                                decimal(latency.max()))));
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }

    private static final class Lines {

        private final StringBuilder text = new StringBuilder();

        void add(String line) {
            text.append(line).append(System.lineSeparator());
        }

        void add(Tally tally) {
            counts("answers", tally.answers());
            counts("repeats", tally.repeats());
            add("");
            figure("seconds", tally.seconds());
            figure("claims/s", tally.claimsPerSecond());
            count("requests answered", tally.latency().count());
            figure("p50 ms", tally.latency().p50());
            figure("p99 ms", tally.latency().p99());
            figure("max ms", tally.latency().max());
        }

        private void counts(String title, Map<String, Long> counts) {
            add("");
            count(title, Tally.sum(counts));
            counts.forEach((name, count) -> count("  " + name, count));
        }

        private void count(String name, long count) {
            add(String.format(Locale.ROOT, "%-30s %,11d", name, count));
        }

        private void figure(String name, double value) {
            add("%-30s %13s".formatted(name, decimal(value)));
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
