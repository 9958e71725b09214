package com.coupon.issuance.adapter.in.loop;

import com.coupon.issuance.application.CampaignLifecycle;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.shared.ConsumerRole;
import java.time.Duration;
import java.time.Instant;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;

/** The thread that keeps Redis in line with the catalogue. */
@ConsumerRole
final class CatalogLoop implements SmartLifecycle, HealthIndicator {

    private static final Duration TIME_TO_STOP = Duration.ofSeconds(5);

    private final Loop loop;
    private volatile boolean running;

    CatalogLoop(CampaignLifecycle lifecycle, IssuanceProperties properties) {
        this.loop =
                new Loop(
                        "catalog",
                        properties.catalogInterval(),
                        () -> {
                            lifecycle.reassert();
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

    @Override
    public Health health() {
        return (loop.isAlive() ? Health.up() : Health.down()).build();
    }
}
