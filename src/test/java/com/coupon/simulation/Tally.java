package com.coupon.simulation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How often what happened. Thread-safe. */
final class Tally {

    private final Map<Happening, Long> times = new EnumMap<>(Happening.class);
    private final Map<Happening, Long> seeds = new EnumMap<>(Happening.class);

    /** Of one run. Used by one thread. */
    static final class OfOne {
        private final Map<Happening, Integer> times = new EnumMap<>(Happening.class);

        void note(Happening happening) {
            times.merge(happening, 1, Integer::sum);
        }
    }

    synchronized void add(OfOne run) {
        run.times.forEach((happening, count) -> {
            times.merge(happening, (long) count, Long::sum);
            seeds.merge(happening, 1L, Long::sum);
        });
    }

    /** What has not happened at all. */
    synchronized List<Happening> missing() {
        return Stream.of(Happening.values())
                .filter(happening -> !times.containsKey(happening))
                .toList();
    }

    /** A line for each. */
    synchronized String table() {
        StringBuilder table =
                new StringBuilder("%-32s %12s %12s%n".formatted("happening", "times", "seeds"));
        for (Happening happening : Happening.values()) {
            table.append(
                    "%-32s %12d %12d%n"
                            .formatted(
                                    happening,
                                    times.getOrDefault(happening, 0L),
                                    seeds.getOrDefault(happening, 0L)));
        }
        return table.toString();
    }
}
