package com.coupon.crowd;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What came out, in lines that stay aligned wherever they are pasted. */
final class Report {

    private final StringBuilder text = new StringBuilder();

    private Report() {}

    static String of(CrowdOptions options, Tally tally, List<LedgerCheck> checks) {
        var report = new Report();
        report.line(
                String.format(
                        Locale.ROOT,
                        "%,d members, %,d coupons, %,d connections",
                        options.clients(),
                        options.coupons(),
                        options.connections()));
        report.line(
                String.format(
                        Locale.ROOT,
                        "%d cores, Java %s (%s), %s",
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version(),
                        System.getProperty("os.arch"),
                        Instant.now().truncatedTo(ChronoUnit.SECONDS)));
        report.counts("answers", tally.answers());
        report.counts("repeats", tally.repeats());
        report.line("");
        report.decimal("seconds", tally.seconds());
        report.decimal("claims/s", tally.claimsPerSecond());
        report.count("requests answered", tally.latency().requests());
        report.decimal("p50 ms", tally.latency().p50());
        report.decimal("p99 ms", tally.latency().p99());
        report.decimal("max ms", tally.latency().max());
        report.line("");
        for (LedgerCheck check : checks) {
            report.line(
                    String.format(
                            Locale.ROOT,
                            "%s %-28s %s",
                            check.holds() ? "✓" : "✗",
                            check.name(),
                            check.sentence()));
        }
        return report.text.toString();
    }

    private void counts(String title, Map<String, Long> counts) {
        line("");
        count(title, Tally.sum(counts));
        counts.forEach((name, count) -> count("  " + name, count));
    }

    private void count(String name, long count) {
        line(String.format(Locale.ROOT, "%-30s %,11d", name, count));
    }

    private void decimal(String name, double value) {
        line(String.format(Locale.ROOT, "%-30s %,13.1f", name, value));
    }

    private void line(String line) {
        text.append(line).append(System.lineSeparator());
    }
}
