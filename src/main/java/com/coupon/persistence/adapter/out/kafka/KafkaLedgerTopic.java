package com.coupon.persistence.adapter.out.kafka;

import com.coupon.persistence.domain.Bytes;
import com.coupon.persistence.domain.RecordContent;
import com.coupon.persistence.domain.ReplayFailedException;
import com.coupon.persistence.port.out.LedgerTopic;
import com.coupon.shared.ConsumerRole;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.support.ProducerListener;

/**
 * Publishes to {@code coupon.issued}, byte by byte as the record once was. How long it may take is
 * the producer's {@code delivery.timeout.ms}, after {@code max.block.ms} where the broker is not
 * known. Thread-safe.
 */
@ConsumerRole
final class KafkaLedgerTopic implements LedgerTopic, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(KafkaLedgerTopic.class);

    private final KafkaTemplate<byte[], byte[]> kafka;
    private final String topic;

    KafkaLedgerTopic(
            ProducerFactory<byte[], byte[]> producers,
            @Value("${coupon.kafka.topic}") String topic) {
        this.kafka =
                new KafkaTemplate<>(
                        producers,
                        Map.of(
                                ProducerConfig.CLIENT_ID_CONFIG,
                                "coupon-replays",
                                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                                ByteArraySerializer.class,
                                // whether it is too large is the broker's to say, as it was before
                                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                2 * RecordContent.MAX_VALUE_BYTES));
        this.kafka.setProducerListener(new ProducerListener<>() {}); // the default logs contents
        this.topic = topic;
    }

    @Override
    @SuppressWarnings("NullAway") // to Kafka a record without a key or a value is one, too
    public void publish(RecordContent content) {
        var record =
                new ProducerRecord<byte[], byte[]>(
                        topic, null, bytes(content.key()), bytes(content.value()));
        content.headers()
                .forEach(header -> record.headers().add(header.name(), header.value().toArray()));
        try {
            kafka.send(record).join();
        } catch (KafkaException | CompletionException e) {
            log.warn("A replay was not acknowledged: {}", String.valueOf(e.getCause()));
            throw new ReplayFailedException(e);
        }
    }

    private static byte @Nullable [] bytes(@Nullable Bytes bytes) {
        return bytes == null ? null : bytes.toArray();
    }

    @Override
    public void destroy() {
        kafka.destroy();
    }
}
