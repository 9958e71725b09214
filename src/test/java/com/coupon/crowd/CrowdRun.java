package com.coupon.crowd;

import java.io.Console;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Sends a crowd at a running service, in a campaign of its own, prints what came out, and writes a
 * page of it. Ends with 0 where all checks hold, with 1 where one does not, and with 2 where the
 * run could not start.
 */
public final class CrowdRun {

    /** Claims for a campaign that is not there. */
    private static final int REHEARSAL = 50_000;

    private static final Duration REHEARSAL_WITHIN = Duration.ofSeconds(15);

    private CrowdRun() {}

    public static void main(String[] args) throws InterruptedException {
        System.exit(run(args));
    }

    private static int run(String... args) throws InterruptedException {
        CrowdOptions options;
        try {
            options = CrowdOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        }
        quieten();
        try {
            new CampaignAdmin(options.url(), options.campaign()).createAndOpen(options.coupons());
        } catch (ConnectException | HttpTimeoutException e) {
            System.err.println("No service answers at " + options.url() + ".");
            return 2;
        } catch (IOException e) {
            System.err.println("The campaign could not be opened: " + e.getMessage());
            return 2;
        }
        rehearse(options);
        Tally tally = storm(options);
        List<LedgerCheck> checks =
                LedgerCheck.of(
                        tally,
                        options.url(),
                        options.campaign(),
                        options.coupons(),
                        options.ledgerWithin());
        Report report = Report.of(options, tally, checks);
        System.out.println(report.text());
        try {
            System.out.println("As a page: " + report.write());
        } catch (IOException e) {
            System.err.println("The page could not be written: " + e);
        }
        return report.isGood() ? 0 : 1;
    }

    /** Else the first seconds would show how slow a cold client is, and not the service. */
    private static void rehearse(CrowdOptions options) {
        new Crowd(
                        options.url(),
                        "nobody-" + UUID.randomUUID(),
                        REHEARSAL,
                        options.connections(),
                        REHEARSAL_WITHIN,
                        answered -> {})
                .run();
    }

    private static Tally storm(CrowdOptions options) {
        try (ProgressBar bar = progressBar(options)) {
            return new Crowd(
                            options.url(),
                            options.campaign(),
                            options.clients(),
                            options.connections(),
                            options.within(),
                            bar::stepTo)
                    .run();
        }
    }

    /** A bar that redraws itself would fill a log file, so there it is a line now and then. */
    private static ProgressBar progressBar(CrowdOptions options) {
        var bar =
                new ProgressBarBuilder()
                        .setTaskName(options.campaign())
                        .setInitialMax(options.clients())
                        .showSpeed();
        if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isEmpty()) {
            bar.setUpdateIntervalMillis(5_000)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setConsumer(new DelegatingProgressBarConsumer(System.err::println, 120));
        }
        return bar.build();
    }

    /** No configuration says so here, and by default every step of the network is logged. */
    private static void quieten() {
        LoggingSystem.get(CrowdRun.class.getClassLoader())
                .setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
    }
}
