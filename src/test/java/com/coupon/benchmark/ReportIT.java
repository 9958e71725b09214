package com.coupon.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.browser.Browser;
import com.coupon.browser.InBrowser;
import com.coupon.report.Chart;
import com.coupon.report.Latency;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a benchmark, as somebody sees it to whom it was sent. */
@InBrowser
class ReportIT {

    @TempDir private Path folder = Path.of("");

    private Path write(Findings findings) throws IOException {
        var options = BenchmarkOptions.parse(List.of("live"), "--folder=" + folder);
        Report.of(options, List.of(findings)).write();
        return folder.resolve("index.html");
    }

    @Test
    void thePageShowsFiguresGoalsAndPlotsAndNeedsNothingElse(Browser browser) throws IOException {
        var micros = new Histogram(3);
        for (int i = 1; i < 20_000; i++) {
            micros.recordValue(i);
        }
        List<Row> rows =
                List.of(
                        new Row(
                                "claim, live",
                                22_354,
                                List.of(22_000.0, 22_354.0, 23_000.0),
                                Map.of(Row.SERVING, 41.1, Row.REDIS, 17.9),
                                2.6,
                                8.3,
                                new TreeMap<>(Map.of("201", 90L, "503 overloaded", 10L)),
                                ""),
                        Row.of("controller", List.of(53_737.0), "skipped in part"));
        Path page =
                write(
                        new Findings(
                                "live",
                                "Live claims",
                                "Each of them wins.",
                                rows,
                                List.of(
                                        Goal.atLeast(0.4, "live ÷ controller", 0.42),
                                        Goal.atLeast(2.5, "live ÷ naive", 1.92),
                                        Goal.skipped(1, "live ÷ itself", "nobody asked")),
                                List.of(
                                        Row.rates("Claims per second", rows),
                                        Chart.ofLatencies(
                                                "Latency",
                                                List.of(
                                                        Chart.percentiles(
                                                                "live", Latency.of(micros))))),
                                List.of()));

        browser.open(page.toUri().toString());

        browser.awaitText("h1", "How fast coupons are handed out");
        browser.awaitText("main", "22,354");
        browser.awaitText("main", "201: 90.00 %, 503 overloaded: 10.00 %");
        browser.awaitText("td.good", "reached");
        browser.awaitText("td.bad", "not reached");
        browser.awaitText("main", "skipped: nobody asked");
        assertThat(browser.plots()).as("with the one of how far goals are reached").isEqualTo(3);
        browser.fetchesNothing();
        browser.looksRight();
        assertThat(folder.resolve("benchmark.json")).content().contains("22354");
    }

    @Test
    void whatCouldNotBeMeasuredIsTold(Browser browser) throws IOException {
        Path page = write(Findings.failed("live", new IllegalStateException("Redis is <away>")));
        browser.open(page.toUri().toString());
        browser.awaitText("main", "It could not be measured");
        browser.awaitText("main", "Redis is <away>");
        browser.looksRight();
    }
}
