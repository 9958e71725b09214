package com.coupon.issuance.adapter.in.loop;

import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.application.ProgressMeters;
import com.coupon.shared.ConsumerRole;
import java.time.Duration;
import java.time.Instant;
import org.springframework.context.SmartLifecycle;

/** The thread that reads what the gauges of the {@code consumer} role show. */
@ConsumerRole
final class ProgressLoop implements SmartLifecycle {

    private static final Duration TIME_TO_STOP = Duration.ofSeconds(5);

    private final Loop loop;
    private volatile boolean running;

    ProgressLoop(ProgressMeters meters, IssuanceProperties properties) {
        this.loop =
                new Loop(
                        "progress",
                        properties.stats().readInterval(),
                        () -> {
                            meters.read();
                            return false;
                        });
    }

    @Override
    public void start() {
        loop.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        loop.stop();
        try {
            loop.awaitUntil(Instant.now().plus(TIME_TO_STOP));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
