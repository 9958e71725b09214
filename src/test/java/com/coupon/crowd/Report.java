package com.coupon.crowd;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What came out, in lines that stay aligned wherever they are pasted. */
public final class Report {

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
        report.add(tally);
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

    /** The tally alone, of a crowd that need not be the only one to claim. */
    public static String of(Tally tally) {
        var report = new Report();
        report.add(tally);
        return report.text.toString();
    }

    private void add(Tally tally) {
        counts("answers", tally.answers());
        counts("repeats", tally.repeats());
        line("");
        decimal("seconds", tally.seconds());
        decimal("claims/s", tally.claimsPerSecond());
        count("requests answered", tally.latency().requests());
        decimal("p50 ms", tally.latency().p50());
        decimal("p99 ms", tally.latency().p99());
        decimal("max ms", tally.latency().max());
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
