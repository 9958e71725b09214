package com.coupon.faults;

import static com.coupon.Options.number;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which faults, how often and where.
 *
 * @param runs how many in all; the faults take turns
 * @param seed of the first run; each further one has the next
 * @param faults in the order of their turns
 * @param topologies one after the other; each has all runs
 * @param control the protection to take away, or null
 * @param file where results are collected
 * @param patience how long after a fault a ledger may take to become complete
 * @param table whether to print what was collected, and run nothing
 */
record FaultOptions(
        int runs,
        long seed,
        List<Fault> faults,
        List<Topology> topologies,
        @Nullable Control control,
        Path file,
        Duration patience,
        boolean table) {

    private static final int MOST_RUNS = 100_000;

    private static FaultOptions defaults() {
        return new FaultOptions(
                0,
                1,
                Arrays.stream(Fault.values()).filter(fault -> !fault.isLong()).toList(),
                List.of(Topology.values()),
                null,
                Path.of("target", "faults.jsonl"),
                Duration.ofMinutes(1),
                false);
    }

    /**
     * @throws IllegalArgumentException if an option is unknown or invalid; the message is one
     *     sentence for whoever typed it
     */
    static FaultOptions parse(String... args) {
        FaultOptions options = defaults();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (arg.equals("--table")) {
                options = options.with("table", "true");
            } else if (!arg.startsWith("--") || equals < 0) {
                throw new IllegalArgumentException(
                        "'" + arg + "' is not an option; options look like --runs=20.");
            } else {
                options = options.with(arg.substring(2, equals), arg.substring(equals + 1));
            }
        }
        Control control = options.control;
        if (control != null) {
            options = options.with("faults", control.fault().label());
        }
        return options.runs > 0
                ? options
                : options.with("runs", Integer.toString(options.faults.size()));
    }

    private FaultOptions with(String name, String value) {
        int runs = this.runs;
        long seed = this.seed;
        List<Fault> faults = this.faults;
        List<Topology> topologies = this.topologies;
        Control control = this.control;
        Path file = this.file;
        Duration patience = this.patience;
        boolean table = this.table;
        switch (name) {
            case "runs" -> runs = number(name, value, MOST_RUNS);
            case "seed" -> seed = number(name, value, Integer.MAX_VALUE);
            case "faults" -> faults = named(name, value, Fault.values());
            case "topology" -> topologies = named(name, value, Topology.values());
            case "control" -> control = named(name, value, Control.values()).getFirst();
            case "file" -> file = Path.of(value);
            case "patience" -> patience = Duration.ofSeconds(number(name, value, 3_600));
            case "table" -> table = Boolean.parseBoolean(value);
            default ->
                    throw new IllegalArgumentException(
                            "There is no option --"
                                    + name
                                    + "; there are --runs, --seed, --faults, --topology, --control, --file,"
                                    + " --patience and --table.");
        }
        return new FaultOptions(runs, seed, faults, topologies, control, file, patience, table);
    }

    private static <E extends Enum<E>> List<E> named(String option, String value, E[] all) {
        List<E> chosen = new ArrayList<>();
        for (String name : value.split(",", -1)) {
            chosen.add(
                    Arrays.stream(all)
                            .filter(one -> label(one).equals(name))
                            .findFirst()
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "--"
                                                    + option
                                                    + " knows "
                                                    + Arrays.stream(all)
                                                            .map(FaultOptions::label)
                                                            .collect(Collectors.joining(", "))
                                                    + ", not '"
                                                    + name
                                                    + "'.")));
        }
        return List.copyOf(chosen);
    }

    static String label(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
