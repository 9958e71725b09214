package com.coupon.persistence.adapter.in.kafka;

import com.coupon.shared.ConsumerRole;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/** Whether issued coupons are being taken from Kafka. */
@ConsumerRole
final class LedgerListenerHealthIndicator implements HealthIndicator {

    private final KafkaListenerEndpointRegistry listeners;

    LedgerListenerHealthIndicator(KafkaListenerEndpointRegistry listeners) {
        this.listeners = listeners;
    }

    @Override
    public Health health() {
        MessageListenerContainer ledger = listeners.getListenerContainer(IssuedCouponListener.ID);
        boolean taking = ledger != null && ledger.isRunning() && ledger.isChildRunning();
        return (taking ? Health.up() : Health.down()).build();
    }
}
