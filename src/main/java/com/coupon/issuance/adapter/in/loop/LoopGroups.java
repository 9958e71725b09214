package com.coupon.issuance.adapter.in.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.context.SmartLifecycle;

/**
 * Loops that start together and stop group by group, so that each group can finish what the one
 * before has left to it. They can be started again.
 */
abstract class LoopGroups implements SmartLifecycle {

    /** Of each group; what has not ended by then is interrupted. */
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(5);

    private final List<List<Loop>> groups;
    private volatile boolean running;

    /**
     * @param groups in the order in which work flows
     */
    LoopGroups(List<List<Loop>> groups) {
        this.groups = groups;
    }

    @Override
    public void start() {
        groups.forEach(group -> group.forEach(Loop::start));
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        try {
            for (List<Loop> group : groups) {
                group.forEach(Loop::stop);
                Instant end = Instant.now().plus(TIME_TO_STOP);
                for (Loop loop : group) {
                    loop.awaitUntil(end);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    boolean areAlive() {
        return groups.stream().flatMap(List::stream).allMatch(Loop::isAlive);
    }

    /** Whether all of them are at work. */
    Health liveness() {
        return (areAlive() ? Health.up() : Health.down()).build();
    }
}
