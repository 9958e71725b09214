package com.coupon.issuance.adapter.in.loop;

import com.coupon.issuance.application.AcknowledgementGate;
import com.coupon.issuance.application.ClaimDispatcher;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.application.OutboxRelay;
import com.coupon.shared.ApiRole;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;

/**
 * The threads of the {@code api} role. They stop after the web server has, in the order in which
 * work flows, so that what was accepted is answered, and what was won is on its way.
 */
@ApiRole
final class IssuanceLoops implements SmartLifecycle, HealthIndicator {

    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(5);

    private final List<Loop> lanes;
    private final List<Loop> gates;
    private final List<Loop> relays;
    private volatile boolean running;

    IssuanceLoops(
            ClaimDispatcher dispatcher,
            AcknowledgementGate gate,
            OutboxRelay relay,
            IssuanceProperties properties) {
        this.lanes =
                IntStream.range(0, properties.claims().lanes())
                        .mapToObj(lane ->
                                new Loop(
                                        "claims-" + lane,
                                        Duration.ZERO,
                                        () -> dispatcher.step(lane, PATIENCE)))
                        .toList();
        this.gates =
                IntStream.range(0, properties.gate().threads())
                        .mapToObj(number ->
                                new Loop(
                                        "gate-" + number, Duration.ZERO, () -> gate.step(PATIENCE)))
                        .toList();
        this.relays =
                List.of(
                        new Loop("relay", Duration.ZERO, () -> relay.step(PATIENCE)),
                        new Loop(
                                "sweep",
                                properties.relay().sweepInterval(),
                                () -> {
                                    relay.sweep();
                                    return false;
                                }));
    }

    private Stream<Loop> all() {
        return Stream.of(lanes, gates, relays).flatMap(List::stream);
    }

    @Override
    public void start() {
        all().forEach(Loop::start);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        try {
            for (List<Loop> group : List.of(lanes, gates, relays)) {
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

    /** Before the web server starts, and after it has stopped. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public Health health() {
        return (all().allMatch(Loop::isAlive) ? Health.up() : Health.down()).build();
    }
}
