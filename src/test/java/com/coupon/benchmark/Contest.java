package com.coupon.benchmark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Several who do the same in turn, round by round, after each has been warmed up. */
final class Contest {

    private final Stage stage;
    private final Map<Contender, List<LoadResult>> results = new HashMap<>();
    private final Map<Contender, LoadResult> warmUps = new HashMap<>();

    /**
     * One who takes part.
     *
     * @param outcome the answer that counts
     * @param pids of the processes that serve
     */
    record Contender(String what, LoadPlan plan, String outcome, List<Long> pids) {

        Contender(String what, LoadPlan plan, String outcome, long pid) {
            this(what, plan, outcome, List.of(pid));
        }
    }

    private Contest(Stage stage) {
        this.stage = stage;
    }

    static Contest of(Stage stage, List<Contender> contenders) {
        var contest = new Contest(stage);
        for (Contender contender : contenders) {
            contest.results.put(contender, new ArrayList<>());
            LoadPlan warmUp = contender.plan().lasting(stage.options().warmUp());
            contest.warmUps.put(contender, stage.load(warmUp, contender.pids()));
        }
        for (int round = 0; round < stage.options().rounds(); round++) {
            for (Contender contender : contenders) {
                contest.of(contender).add(stage.load(contender.plan(), contender.pids()));
            }
        }
        return contest;
    }

    List<LoadResult> of(Contender contender) {
        return results.getOrDefault(contender, List.of());
    }

    Row row(Contender contender) {
        return Row.of(
                stage, contender.what(), contender.outcome(), of(contender), contender.pids());
    }

    /** How many times the rate of another one. */
    double ratio(Contender one, Contender other) {
        return Medians.ratio(row(one).rounds(), row(other).rounds());
    }

    /** How often something was told to the members of a contender, in the warm-up, too. */
    long told(Contender contender, String outcome) {
        long rounds = of(contender).stream().mapToLong(result -> result.told(outcome)).sum();
        LoadResult warmUp = warmUps.get(contender);
        return rounds + (warmUp == null ? 0 : warmUp.told(outcome));
    }
}
