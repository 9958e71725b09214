package com.coupon.benchmark;

import static com.coupon.Options.number;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to measure, and for how long.
 *
 * @param seconds of each run
 * @param rounds of each comparison, in turn
 * @param warmUp seconds that everybody is warmed up before the first round
 * @param connections of a run, where nothing else is said
 * @param only names of the measurements
 * @param replica whether Redis has a replica that winners wait for
 * @param collector of garbage, in the service as in what it is held against
 * @param tokens how many are made; each is used again after the others
 * @param records that the ledger catches up with
 * @param quick whether it is only a rehearsal: all is smaller, and the figures say little
 * @param application where {@code spring-boot:test-run@aot-cache} has put the service, which then
 *     runs with its AOT cache and not from its classes; or null
 * @param folder of the report
 */
record BenchmarkOptions(
        int seconds,
        int rounds,
        int warmUp,
        int connections,
        List<String> only,
        boolean replica,
        String collector,
        int tokens,
        int records,
        boolean quick,
        @JsonIgnore @Nullable Path application,
        @JsonIgnore Path folder) {

    private static final List<String> COLLECTORS = List.of("G1", "Parallel", "Serial", "Z");

    private static BenchmarkOptions defaults(List<String> measurements) {
        return new BenchmarkOptions(
                5,
                3,
                15,
                64,
                measurements,
                false,
                "G1",
                20_000,
                200_000,
                false,
                null,
                Path.of("target", "benchmark"));
    }

    /**
     * @param measurements the names of all there are
     * @throws IllegalArgumentException if an option is unknown or invalid; the message is one
     *     sentence for whoever typed it
     */
    static BenchmarkOptions parse(List<String> measurements, String... args) {
        BenchmarkOptions options = defaults(measurements);
        List<String> rest = new ArrayList<>(Arrays.asList(args));
        if (rest.remove("--quick")) {
            // First, so that what else is said counts for more
            options =
                    new BenchmarkOptions(
                            2,
                            1,
                            3,
                            options.connections,
                            options.only,
                            false,
                            options.collector,
                            2_000,
                            20_000,
                            true,
                            options.application,
                            options.folder);
        }
        for (String arg : rest) {
            int equals = arg.indexOf('=');
            if (arg.equals("--replica")) {
                options = options.with("replica", "true", measurements);
            } else if (!arg.startsWith("--") || equals < 0) {
                throw new IllegalArgumentException(
                        "'" + arg + "' is not an option; options look like --seconds=5.");
            } else {
                options =
                        options.with(
                                arg.substring(2, equals), arg.substring(equals + 1), measurements);
            }
        }
        return options;
    }

    private BenchmarkOptions with(String name, String value, List<String> measurements) {
        int seconds = this.seconds;
        int rounds = this.rounds;
        int warmUp = this.warmUp;
        int connections = this.connections;
        List<String> only = this.only;
        boolean replica = this.replica;
        String collector = this.collector;
        int tokens = this.tokens;
        int records = this.records;
        Path application = this.application;
        Path folder = this.folder;
        switch (name) {
            case "seconds" -> seconds = number(name, value, 600);
            case "rounds" -> rounds = number(name, value, 100);
            case "warm-up" -> warmUp = number(name, value, 600);
            case "connections" -> connections = number(name, value, 8_000);
            case "only" -> only = known(name, value, measurements);
            case "replica" -> replica = Boolean.parseBoolean(value);
            case "gc" -> collector = known(name, value, COLLECTORS).getFirst();
            case "tokens" -> tokens = number(name, value, 1_000_000);
            case "records" -> records = number(name, value, 10_000_000);
            case "application" -> application = Path.of(value);
            case "folder" -> folder = Path.of(value);
            default ->
                    throw new IllegalArgumentException(
                            "There is no option --"
                                    + name
                                    + "; there are --quick, --seconds, --rounds, --warm-up, --connections, --only,"
                                    + " --replica, --gc, --tokens, --records, --application and --folder.");
        }
        return new BenchmarkOptions(
                seconds,
                rounds,
                warmUp,
                connections,
                only,
                replica,
                collector,
                tokens,
                records,
                quick,
                application,
                folder);
    }

    private static List<String> known(String option, String value, List<String> all) {
        List<String> chosen = List.of(value.split(",", -1));
        for (String one : chosen) {
            if (!all.contains(one)) {
                throw new IllegalArgumentException(
                        "--%s knows %s, not '%s'.".formatted(option, String.join(", ", all), one));
            }
        }
        return chosen;
    }

    /** Of the service, before the class path of this process. */
    List<Path> classPath() {
        return application == null ? List.of() : List.of(application.resolve("coupon.jar"));
    }

    /** Of the service. */
    List<String> serviceFlags() {
        List<String> flags = new ArrayList<>(jvmFlags());
        if (application != null) {
            flags.add("-XX:AOTCache=" + application.resolve("coupon.aot"));
        }
        return flags;
    }

    /** Of the service, and of what it is held against. */
    List<String> jvmFlags() {
        return jvmFlags(collector);
    }

    /** The same with another collector. */
    static List<String> jvmFlags(String collector) {
        return List.of("-Xmx512m", "-XX:+Use" + collector + "GC", "-Dspring.main.banner-mode=off");
    }
}
