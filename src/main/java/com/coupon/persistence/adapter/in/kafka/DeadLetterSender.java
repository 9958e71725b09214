package com.coupon.persistence.adapter.in.kafka;

import com.coupon.persistence.domain.QuarantinedRecord;
import com.coupon.persistence.domain.UnrecordableException;
import com.coupon.shared.ConsumerRole;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer.HeaderNames.HeadersToAdd;
import org.springframework.kafka.support.ProducerListener;

/**
 * Sends a record that can never be recorded to the dead letters, byte by byte as it is, with the
 * reason and where it stood in its headers. One that the topic of dead letters does not take,
 * because it is too long with them, goes there without its value: it must not hold up what comes
 * after it. Used by one thread at a time.
 */
@ConsumerRole
final class DeadLetterSender implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterSender.class);

    /** Header: the name of an {@link UnrecordableException.Reason}. */
    static final String REASON = "coupon-reason";

    /** Header: the same for people. */
    static final String CAUSE = "coupon-cause";

    /** Header: how long the value was, in decimal digits, where it was left out. */
    static final String VALUE_BYTES = "coupon-value-bytes";

    private final KafkaTemplate<byte[], byte[]> kafka;
    private final DeadLetterPublishingRecoverer topic;

    DeadLetterSender(ProducerFactory<byte[], byte[]> producers) {
        this.kafka =
                new KafkaTemplate<>(
                        producers,
                        Map.of(
                                ProducerConfig.CLIENT_ID_CONFIG,
                                "coupon-dead-letters",
                                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                                ByteArraySerializer.class,
                                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                LedgerTopics.LONGEST_LETTER_BYTES));
        kafka.setProducerListener(new ProducerListener<>() {}); // the default logs contents
        this.topic =
                new DeadLetterPublishingRecoverer(
                        kafka,
                        (record, failure) ->
                                new TopicPartition(
                                        record.topic() + LedgerTopics.DEAD_LETTERS,
                                        record.partition()));
        topic.excludeHeader(HeadersToAdd.EX_STACKTRACE, HeadersToAdd.EX_MSG);
        topic.setHeadersFunction((record, failure) -> headers(failure));
    }

    /**
     * Returns once it is acknowledged.
     *
     * @throws KafkaException if it is not
     */
    void send(ConsumerRecord<?, ?> record, UnrecordableException refusal) {
        try {
            topic.accept(record, refusal);
        } catch (KafkaException e) {
            if (!e.contains(RecordTooLargeException.class)) {
                throw e;
            }
            topic.accept(withoutContent(record), refusal);
        }
        log.error(
                "{}-{}@{} has become a dead letter: {}",
                record.topic(),
                record.partition(),
                record.offset(),
                refusal.reason());
    }

    private static ConsumerRecord<?, ?> withoutContent(ConsumerRecord<?, ?> record) {
        var headers = new RecordHeaders();
        if (record.value() instanceof byte[] value) {
            headers.add(VALUE_BYTES, bytes(Integer.toString(value.length)));
        }
        return new ConsumerRecord<byte @Nullable [], byte @Nullable []>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                0,
                0,
                null,
                null,
                headers,
                Optional.empty());
    }

    private static @Nullable Headers headers(Exception failure) {
        if (!(failure instanceof UnrecordableException refusal)) {
            return null;
        }
        var headers = new RecordHeaders();
        headers.add(REASON, bytes(refusal.reason().name()));
        String cause = String.valueOf(refusal.getMessage());
        headers.add(
                CAUSE,
                bytes(cause.substring(0, Math.min(cause.length(), QuarantinedRecord.MAX_CAUSE))));
        return headers;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void destroy() {
        kafka.destroy();
    }
}
