package com.coupon.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.util.FileSystemUtils;

/**
 * Runs faults, prints and collects what came of them. Ends with 0 where every run kept all rules,
 * with 1 where one did not, and with 2 where it could not run. Where a protection is taken away it
 * is the other way round: a rule has to be broken.
 */
public final class FaultRun {

    private FaultRun() {}

    public static void main(String[] args) throws Exception {
        System.exit(run(args));
    }

    private static int run(String... args) throws IOException, InterruptedException, SQLException {
        FaultOptions options;
        try {
            options = FaultOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        }
        var results = new Results(options.file());
        if (options.table()) {
            System.out.print(Results.table(results.read()));
            return 0;
        }
        quieten();
        int broken = 0;
        for (Topology topology : options.topologies()) {
            broken += run(options, topology, results);
        }
        Control control = options.control();
        if (control != null) {
            System.out.println(
                    broken > 0
                            ? "Without " + control.label() + " harm was done and noticed."
                            : "Without " + control.label() + " no harm was noticed.");
            return broken > 0 ? 0 : 1;
        }
        return broken > 0 ? 1 : 0;
    }

    private static int run(FaultOptions options, Topology topology, Results results)
            throws IOException, InterruptedException, SQLException {
        List<Fault> faults =
                options.faults().stream()
                        .filter(fault -> fault.topologies().contains(topology))
                        .toList();
        if (faults.isEmpty()) {
            System.out.println(FaultOptions.label(topology) + " can have none of these faults.");
            return 0;
        }
        Control control = options.control();
        Path changes = Files.createTempDirectory("coupon-control");
        Settings changed = control == null ? null : control.settings(changes);
        int broken = 0;
        int number = 0;
        try {
            while (number < options.runs()) {
                Settings first = changed == null ? faults.getFirst().settings() : changed;
                try (var stage = new Stage(topology, first)) {
                    if (control != null) {
                        control.prepare(stage);
                    }
                    boolean isWhole = true;
                    while (isWhole && number < options.runs()) {
                        Fault fault = faults.get(number % faults.size());
                        long seed = options.seed() + number;
                        number++;
                        stage.setUp(changed == null ? fault.settings() : changed);
                        stage.warmUp();
                        var trial = new Trial(stage, fault, seed, control, options.patience());
                        Result result = trial.run();
                        isWhole = trial.isFinished();
                        results.add(result);
                        System.out.println(line(result));
                        if (!result.isSound()) {
                            broken++;
                            explain(result, trial, options, control);
                        }
                    }
                }
            }
        } finally {
            FileSystemUtils.deleteRecursively(changes);
        }
        return broken;
    }

    private static String line(Result result) {
        return "%-45s %-9s seed %-5d %4d of %d acknowledged, %d rows, %d void, lost %d, oversold %d, other %d, pause %d ms (elected %s), complete %s ms"
                .formatted(
                        result.fault(),
                        result.topology(),
                        result.seed(),
                        result.acknowledged(),
                        result.quantity(),
                        result.rows(),
                        result.voids(),
                        result.lost(),
                        result.oversold(),
                        result.other(),
                        result.pauseMillis(),
                        result.electedMillis(),
                        result.convergedMillis());
    }

    private static void explain(
            Result result, Trial trial, FaultOptions options, @Nullable Control control)
            throws IOException {
        result.violations().stream()
                .limit(10)
                .forEach(violation -> System.out.println("    " + violation));
        Path kept =
                trial.keep(
                        options.file().toAbsolutePath().resolveSibling("fault-histories"), result);
        System.out.println("    its history: " + kept);
        System.out.printf(
                "    again: mvn spring-boot:test-run@faults -Dspring-boot.run.arguments=\"--runs=1 --seed=%d --topology=%s --%s\"%n",
                result.seed(),
                result.topology(),
                control == null ? "faults=" + result.fault() : "control=" + control.label());
    }

    private static void quieten() {
        var logging = LoggingSystem.get(FaultRun.class.getClassLoader());
        logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.ERROR);
        // It cannot stop what was killed, and says so
        logging.setLogLevel("io.zonky", LogLevel.OFF);
    }
}
