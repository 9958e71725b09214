package com.coupon.persistence.adapter.in.kafka;

import com.coupon.shared.ConsumerRole;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Whether issued coupons and dead letters are being taken from Kafka. A container that has stopped
 * does not start again by itself, so this is a matter of liveness as well as of readiness. A
 * database or a Kafka that is away is neither: a new process would find it so, too.
 */
@ConsumerRole
final class LedgerListenerHealthIndicator implements HealthIndicator {

    private final KafkaListenerEndpointRegistry listeners;

    LedgerListenerHealthIndicator(KafkaListenerEndpointRegistry listeners) {
        this.listeners = listeners;
    }

    @Override
    public Health health() {
        boolean taking =
                List.of(IssuedCouponListener.ID, DeadLetterListener.ID).stream()
                        .map(listeners::getListenerContainer)
                        .allMatch(LedgerListenerHealthIndicator::isTaking);
        return (taking ? Health.up() : Health.down()).build();
    }

    /**
     * An Error stops a container as a whole; of several threads a single one may end otherwise, and
     * then only what the container expects of its threads tells.
     */
    private static boolean isTaking(@Nullable MessageListenerContainer container) {
        return container != null
                && container.isRunning()
                && container.isChildRunning()
                && container.isInExpectedState();
    }
}
