package com.coupon.persistence.adapter.in.kafka;

import com.coupon.shared.ConsumerRole;
import org.springframework.kafka.config.ContainerCustomizer;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

/**
 * Marks in a trace, where there are traces, that a record has reached its listener: a batch belongs
 * to as many of them as it has records.
 */
@ConsumerRole
final class RecordSpans
        implements ContainerCustomizer<
                Object, Object, ConcurrentMessageListenerContainer<Object, Object>> {

    @Override
    public void configure(ConcurrentMessageListenerContainer<Object, Object> container) {
        container.getContainerProperties().setRecordObservationsInBatch(true);
    }
}
