package com.coupon.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Measures, prints and reports: {@code mvn spring-boot:test-run@benchmark}. Ends with 0 where every
 * goal was reached, with 1 where one was not or could not be measured, and with 2 where the options
 * make no sense.
 */
public final class BenchmarkRun {

    private static final List<Measurement> MEASUREMENTS =
            List.of(
                    new SoldOutAnswers(),
                    new Doors(),
                    new LiveClaims(),
                    new TokenClaims(),
                    new RuntimeChoices(),
                    new ColdStart(),
                    new LatencyAtLoad(),
                    new Overload(),
                    new BatchSizes(),
                    new CampaignCounts(),
                    new ConnectionCounts(),
                    new WinnerCounts(),
                    new CommandsPerClaim(),
                    new Decisions(),
                    new TwoNodes(),
                    new LedgerCatchUp());

    private BenchmarkRun() {}

    public static void main(String... args) throws IOException {
        System.exit(run(args));
    }

    private static int run(String... args) throws IOException {
        BenchmarkOptions options;
        try {
            List<String> names = MEASUREMENTS.stream().map(Measurement::name).toList();
            options = BenchmarkOptions.parse(names, args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        }
        quieten();
        List<Findings> findings = new ArrayList<>();
        try (var stage = new Stage(options)) {
            for (Measurement measurement : MEASUREMENTS) {
                if (options.only().contains(measurement.name())) {
                    Findings found = measure(measurement, stage);
                    findings.add(found);
                    Report.lines(found).forEach(System.out::println);
                    Report.of(options, findings).write();
                }
            }
        }
        Report report = Report.of(options, findings);
        report.write();
        System.out.println();
        System.out.print(report.table());
        System.out.println("The report is in " + options.folder().toAbsolutePath());
        return report.isGood() ? 0 : 1;
    }

    private static Findings measure(Measurement measurement, Stage stage) {
        System.out.println("Measuring " + measurement.name() + " …");
        try {
            return measurement.measure(stage);
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return Findings.failed(measurement.name(), e);
        }
    }

    private static void quieten() {
        var logging = LoggingSystem.get(BenchmarkRun.class.getClassLoader());
        logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.ERROR);
        logging.setLogLevel("io.zonky", LogLevel.OFF);
    }
}
