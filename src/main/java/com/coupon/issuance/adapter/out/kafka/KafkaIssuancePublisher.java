package com.coupon.issuance.adapter.out.kafka;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.application.ClaimOrigins;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.port.out.IssuancePublisher;
import com.coupon.shared.ApiRole;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;
import tools.jackson.databind.json.JsonMapper;

/**
 * Publishes to {@code coupon.issued}, keyed by member. How long it may take is the producer's
 * {@code delivery.timeout.ms}, after {@code max.block.ms} where the broker is not known.
 * Thread-safe.
 *
 * <p>It gets to know the broker before the process is ready: else a thousand classes would be
 * loaded, and connections made, when the first coupon is won, which is in the first moment of a
 * drop.
 */
@ApiRole
@Order(Ordered.HIGHEST_PRECEDENCE) // of what runs before it is ready: a rehearsal should be the
// last
final class KafkaIssuancePublisher implements IssuancePublisher, ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(KafkaIssuancePublisher.class);

    private final KafkaTemplate<String, byte[]> kafka;
    private final JsonMapper json;
    private final String topic;

    /** Null where nobody asks for traces. */
    private final @Nullable ClaimOrigins origins;

    KafkaIssuancePublisher(
            KafkaTemplate<String, byte[]> kafka,
            JsonMapper json,
            ClaimOrigins origins,
            @Value("${coupon.kafka.topic}") String topic,
            @Value("${management.tracing.export.enabled}") boolean traced) {
        this.kafka = kafka;
        this.json = json;
        this.topic = topic;
        this.origins = traced ? origins : null;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        try {
            kafka.partitionsFor(topic);
        } catch (KafkaException e) {
            log.warn("Kafka is not known yet, and will be when it is needed: {}", e.toString());
        }
    }

    /** In the trace of the claim, where there is one that this node has let in. */
    private CompletableFuture<SendResult<String, byte[]>> send(IssuedCoupon coupon, byte[] event) {
        String origin = origins == null ? null : origins.take(coupon.campaign(), coupon.member());
        if (origin == null) {
            return kafka.send(topic, coupon.member().value(), event);
        }
        Context trace =
                W3CTraceContextPropagator.getInstance()
                        .extract(Context.root(), origin, TraceParent.GETTER);
        try (Scope _ = trace.makeCurrent()) {
            return kafka.send(topic, coupon.member().value(), event);
        }
    }

    /** The one header that was kept of a claim. */
    private enum TraceParent implements TextMapGetter<String> {
        GETTER;

        @Override
        public Iterable<String> keys(String origin) {
            return List.of("traceparent");
        }

        @Override
        public @Nullable String get(@Nullable String origin, String header) {
            return header.equals("traceparent") ? origin : null;
        }
    }

    private record Sent(OutboxEntry entry, CompletableFuture<SendResult<String, byte[]>> result) {}

    @Override
    public List<OutboxEntry> publish(List<OutboxEntry> entries) {
        List<Sent> sent = new ArrayList<>(entries.size());
        try {
            for (OutboxEntry entry : entries) {
                byte[] event = json.writeValueAsBytes(IssuedCouponEvent.of(entry.coupon()));
                sent.add(new Sent(entry, send(entry.coupon(), event)));
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
