package com.coupon.issuance.adapter.in.loop;

import com.coupon.issuance.application.AcknowledgementGate;
import com.coupon.issuance.application.ClaimDispatcher;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.application.OutboxRelay;
import com.coupon.issuance.application.SoldOutViews;
import com.coupon.shared.ApiRole;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The threads of the {@code api} role. They stop after the web server has, in the order in which
 * work flows, so that what was accepted is answered, and what was won is on its way.
 */
@ApiRole
final class IssuanceLoops extends LoopGroups implements HealthIndicator {

    private static final Duration PATIENCE = Duration.ofMillis(100);

    IssuanceLoops(
            ClaimDispatcher dispatcher,
            AcknowledgementGate gate,
            SoldOutViews soldOut,
            OutboxRelay relay,
            IssuanceProperties properties) {
        super(
                List.of(
                        loops(
                                "claims-",
                                properties.claims().lanes(),
                                lane -> () -> dispatcher.step(lane, PATIENCE)),
                        loops(
                                "gate-",
                                properties.gate().threads(),
                                number -> () -> gate.step(PATIENCE)),
                        List.of(
                                new Loop("sold-out", Duration.ZERO, () -> soldOut.step(PATIENCE)),
                                new Loop("relay", Duration.ZERO, () -> relay.step(PATIENCE)),
                                Loop.every(
                                        "sweep",
                                        properties.relay().sweepInterval(),
                                        relay::sweep))));
    }

    /** Loops whose steps wait by themselves. */
    private static List<Loop> loops(String name, int count, IntFunction<Loop.Step> step) {
        return IntStream.range(0, count)
                .mapToObj(number -> new Loop(name + number, Duration.ZERO, step.apply(number)))
                .toList();
    }

    /** Before the web server starts, and after it has stopped. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public Health health() {
        return liveness();
    }
}
