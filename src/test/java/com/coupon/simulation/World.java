package com.coupon.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Time, chance, and what both do to a process: in each call that it makes, it may crash or stand
 * still while the world goes on.
 */
final class World implements InstantSource {

    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    /** How many calls may stand still at once; more would only be slower. */
    private static final int STALLS_AT_ONCE = 3;

    /** A process has died in the middle of a call. No code of the application catches it. */
    static final class Crash extends Error {

        Crash(String process) {
            super(process, null, false, false);
        }
    }

    /** What can die, and knows or believes to know which server decides. */
    abstract static class Peer {

        final String name;
        boolean alive = true;
        int route;

        Peer(String name) {
            this.name = name;
        }
    }

    final SplittableRandom random;
    final Tally.OfOne tally = new Tally.OfOne();
    private final @Nullable List<String> trace;
    private final List<String> violations = new ArrayList<>();
    private Runnable turn = () -> {};
    private int turnsLeft;
    private int stalled;
    private int crashable;
    private int stallable;
    private boolean healed;
    private boolean inTransaction;
    private boolean spared;
    private long nanos;

    World(SplittableRandom random, @Nullable List<String> trace) {
        this.random = random;
        this.trace = trace;
    }

    /**
     * @param crashesOfThousand of a thousand calls
     * @param stallsOfThousand of a thousand calls
     */
    void misbehave(int crashesOfThousand, int stallsOfThousand) {
        crashable = crashesOfThousand;
        stallable = stallsOfThousand;
    }

    /** While true, nobody crashes. */
    void spare(boolean everybody) {
        spared = everybody;
    }

    /** Takes turns until there were so many. */
    void run(int turns, Runnable oneTurn) {
        turn = oneTurn;
        turnsLeft = turns;
        while (turnsLeft > 0) {
            takeTurn();
        }
        healed = true;
    }

    private void takeTurn() {
        turnsLeft--;
        turn.run();
    }

    /** Does something in which nothing fails. */
    void undisturbed(Runnable work) {
        healed = true;
        work.run();
        healed = false;
    }

    /** Whether nothing fails any more. */
    boolean isHealed() {
        return healed;
    }

    long nanos() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return BEGINNING.plusNanos(nanos);
    }

    @Override
    public long millis() {
        return BEGINNING.toEpochMilli() + nanos / 1_000_000;
    }

    void pass(long more) {
        nanos += more;
    }

    /** Never true once nothing fails any more. */
    boolean fails(int ofThousand) {
        return !healed && chance(ofThousand);
    }

    boolean chance(int ofThousand) {
        return ofThousand > 0 && random.nextInt(1_000) < ofThousand;
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A moment in which a process may crash or stand still. */
    void at(Peer process) {
        if (!healed) {
            if (!inTransaction && stalled < STALLS_AT_ONCE && turnsLeft > 0 && chance(stallable)) {
                stall(process);
            }
            if (process.alive && !spared && chance(crashable)) {
                say(() -> process.name + " crashes");
                process.alive = false;
            }
        }
        if (!process.alive) {
            throw new Crash(process.name);
        }
    }

    private void stall(Peer process) {
        note(Happening.STALLED);
        int turns = Math.min(turnsLeft, 1 + random.nextInt(chance(250) ? 60 : 8));
        say(() -> process.name + " stands still for " + turns + " turns");
        stalled++;
        for (int i = 0; i < turns && turnsLeft > 0; i++) {
            takeTurn();
        }
        stalled--;
        say(() -> process.name + " goes on");
    }

    /** Waits for so long, while others go on. */
    void sleep(Peer process, Duration duration) {
        long end = nanos + duration.toNanos();
        stalled++;
        while (!healed
                && !inTransaction
                && stalled <= STALLS_AT_ONCE
                && turnsLeft > 0
                && nanos < end) {
            takeTurn();
        }
        stalled--;
        nanos = Math.max(nanos, end);
        at(process);
    }

    /** In a transaction nobody stands still, because what it locks would stand still, too. */
    <T> T inTransaction(Supplier<T> work) {
        boolean before = inTransaction;
        inTransaction = true;
        try {
            return work.get();
        } finally {
            inTransaction = before;
        }
    }

    boolean isInTransaction() {
        return inTransaction;
    }

    void note(Happening happening) {
        tally.note(happening);
    }

    void say(Supplier<String> line) {
        if (trace != null) {
            trace.add("%12.3f ms %s%s".formatted(nanos / 1e6, "  ".repeat(stalled), line.get()));
        }
    }

    void violated(String rule) {
        say(() -> "VIOLATED " + rule);
        violations.add(rule);
    }

    List<String> violations() {
        return violations;
    }
}
