package com.coupon.issuance.adapter.out.kafka;

import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.port.out.IssuancePublisher;
import com.coupon.shared.ApiRole;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;
import tools.jackson.databind.json.JsonMapper;

/**
 * Publishes to {@code coupon.issued}, keyed by member. How long it may take is the producer's
 * {@code delivery.timeout.ms}, after {@code max.block.ms} where the broker is not known.
 * Thread-safe.
 */
@ApiRole
final class KafkaIssuancePublisher implements IssuancePublisher {

    private static final Logger log = LoggerFactory.getLogger(KafkaIssuancePublisher.class);

    private final KafkaTemplate<String, byte[]> kafka;
    private final JsonMapper json;
    private final String topic;

    KafkaIssuancePublisher(
            KafkaTemplate<String, byte[]> kafka,
            JsonMapper json,
            @Value("${coupon.kafka.topic}") String topic) {
        this.kafka = kafka;
        this.json = json;
        this.topic = topic;
    }

    private record Sent(OutboxEntry entry, CompletableFuture<SendResult<String, byte[]>> result) {}

    @Override
    public List<OutboxEntry> publish(List<OutboxEntry> entries) {
        List<Sent> sent = new ArrayList<>(entries.size());
        try {
            for (OutboxEntry entry : entries) {
                byte[] event = json.writeValueAsBytes(IssuedCouponEvent.of(entry.coupon()));
                sent.add(
                        new Sent(entry, kafka.send(topic, entry.coupon().member().value(), event)));
            }
        } catch (RuntimeException e) {
            // Kafka is away; each further send would block as long again.
            log.warn(
                    "Publishing stopped after {} of {} coupons: {}",
                    sent.size(),
                    entries.size(),
                    e.toString());
        }
        List<OutboxEntry> acknowledged = new ArrayList<>(sent.size());
        RuntimeException failure = null;
        for (Sent one : sent) {
            try {
                one.result().join();
                acknowledged.add(one.entry());
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            log.warn(
                    "Kafka acknowledged {} of {} coupons: {}",
                    acknowledged.size(),
                    sent.size(),
                    failure.toString());
        }
        return acknowledged;
    }
}
