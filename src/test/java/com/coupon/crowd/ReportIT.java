package com.coupon.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.browser.Browser;
import com.coupon.browser.InBrowser;
import com.coupon.report.Latency;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The page of a crowd, as somebody sees it to whom it was sent. */
@InBrowser
class ReportIT {

    private static final String SECRET = "abcdefghijklmnopqrst";

    @TempDir private Path folder = Path.of("");

    @Test
    void thePageShowsWhatCameOutAndNeedsNothingElse(Browser browser) throws IOException {
        Path page = report(true).write();

        browser.open(page.toUri().toString());
        browser.awaitText("h1", "20,000 members for 2 coupons");
        browser.awaitText("main", "It came out exactly");
        browser.awaitText("main", "overloaded");
        browser.awaitText("main", "19,998");
        assertThat(browser.plots()).isEqualTo(4);
        browser.fetchesNothing();
        browser.looksRight();
    }

    @Test
    void whatFailsIsTold(Browser browser) throws IOException {
        browser.open(report(false).write().toUri().toString());
        browser.awaitText("main", "It did not come out");
        browser.awaitText("td.bad", "fails");
        browser.looksRight();
    }

    @Test
    void codesAreNotGivenAway() throws IOException {
        Report report = report(true);
        report.write();
        assertThat(report.tally().winners()).extracting(Tally.Winner::code).contains(SECRET);
        assertThat(folder.resolve("crowd.json"))
                .content()
                .contains("sold-out")
                .doesNotContain(SECRET);
        assertThat(folder.resolve("index.html")).content().doesNotContain(SECRET);
    }

    private Report report(boolean holds) {
        var micros = new Histogram(3);
        for (int i = 1; i < 20_000; i++) {
            micros.recordValue(i);
        }
        long[] issued = new long[60];
        issued[3] = 2;
        long[] soldOut = new long[60];
        for (int i = 4; i < soldOut.length; i++) {
            soldOut[i] = 357;
        }
        long[] overloaded = new long[60];
        overloaded[2] = 900;
        return Report.of(
                CrowdOptions.parse("--clients=20000", "--coupons=2", "--folder=" + folder),
                new Tally(
                        20_000,
                        new TreeMap<>(Map.of("issued", 2L, "sold-out", 19_998L)),
                        new TreeMap<>(Map.of("overloaded", 900L)),
                        Duration.ofSeconds(6),
                        Latency.of(micros),
                        new TreeMap<>(
                                Map.of(
                                        "issued",
                                        issued,
                                        "sold-out",
                                        soldOut,
                                        "overloaded",
                                        overloaded)),
                        List.of(
                                new Tally.Winner("ann", 1, SECRET),
                                new Tally.Winner("bob", 2, "b".repeat(20)))),
                List.of(new LedgerCheck("told yes = coupons", holds, "2 were told yes.")));
    }

    /** {@code -Dcoupon.pictures.write=true} shows the last run in the documentation. */
    @Test
    @EnabledIfSystemProperty(named = "coupon.pictures.write", matches = "true")
    void pictureIsTaken(Browser browser) {
        Path page = Path.of("target", "crowd", "index.html").toAbsolutePath();
        assertThat(page).as("what mvn spring-boot:test-run@crowd has written").exists();
        browser.isSized(1200, 1400).open(page.toUri().toString());
        browser.awaitSeen("canvas");
        browser.illustrates("crowd-report");
    }
}
