package com.coupon.persistence.adapter.in.kafka;

import com.coupon.persistence.domain.Bytes;
import com.coupon.persistence.domain.QuarantinedRecord;
import com.coupon.persistence.domain.RecordContent;
import com.coupon.persistence.domain.RecordOrigin;
import com.coupon.persistence.domain.UnrecordableException.Reason;
import com.coupon.persistence.port.in.StoreDeadLetters;
import com.coupon.shared.ConsumerRole;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.support.KafkaHeaders;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes dead letters from their topic to the database, batch by batch; the offsets follow the
 * commit. Whatever is on the topic is stored with what is known of it, whoever has sent it.
 */
@ConsumerRole
final class DeadLetterListener {

    static final String ID = "dead-letters";

    private final StoreDeadLetters letters;
    private final JsonMapper json;

    DeadLetterListener(StoreDeadLetters letters, JsonMapper json) {
        this.letters = letters;
        this.json = json;
    }

    @KafkaListener(
            id = ID,
            groupId = "${spring.kafka.consumer.group-id}-" + ID,
            topics = "${coupon.kafka.topic}" + LedgerTopics.DEAD_LETTERS,
            batch = "true")
    void store(List<ConsumerRecord<byte[], byte[]>> records) {
        try {
            letters.store(records.stream().map(this::quarantined).toList());
        } catch (RuntimeException e) {
            // named by the first, so that the batch is sought again and none is given up
            throw new IssuedCouponListener.Delay("Not stored: " + e.getMessage(), e, 0);
        }
    }

    private QuarantinedRecord quarantined(ConsumerRecord<byte[], byte[]> record) {
        Headers headers = record.headers();
        return new QuarantinedRecord(
                origin(record),
                new RecordContent(
                        bytes(record.key()),
                        bytes(record.value()),
                        cutBytes(headers),
                        own(headers)),
                reason(headers),
                text(headers, DeadLetterSender.CAUSE),
                LetterSubject.of(json, record.value()));
    }

    private static @Nullable Bytes bytes(byte @Nullable [] bytes) {
        return bytes == null ? null : Bytes.of(bytes);
    }

    /** Where it was refused, or else where it stands now. */
    private static RecordOrigin origin(ConsumerRecord<?, ?> record) {
        Headers headers = record.headers();
        String topic = text(headers, KafkaHeaders.DLT_ORIGINAL_TOPIC);
        byte[] partition = last(headers, KafkaHeaders.DLT_ORIGINAL_PARTITION, Integer.BYTES);
        byte[] offset = last(headers, KafkaHeaders.DLT_ORIGINAL_OFFSET, Long.BYTES);
        byte[] time = last(headers, KafkaHeaders.DLT_ORIGINAL_TIMESTAMP, Long.BYTES);
        if (topic != null && partition != null && offset != null && time != null) {
            try {
                return new RecordOrigin(
                        topic,
                        ByteBuffer.wrap(partition).getInt(),
                        ByteBuffer.wrap(offset).getLong(),
                        ByteBuffer.wrap(time).getLong());
            } catch (IllegalArgumentException e) {
                // somebody else's headers
            }
        }
        return new RecordOrigin(
                record.topic(), record.partition(), record.offset(), record.timestamp());
    }

    /** The latest header of a name, unless its length is another one. */
    private static byte @Nullable [] last(Headers headers, String name, int length) {
        Header header = headers.lastHeader(name);
        byte[] value = header == null ? null : header.value();
        return value == null || value.length != length ? null : value;
    }

    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null
                ? null
                : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static @Nullable Reason reason(Headers headers) {
        String name = text(headers, DeadLetterSender.REASON);
        return Arrays.stream(Reason.values())
                .filter(reason -> reason.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** How long the value was that was left out on the way. */
    private static int cutBytes(Headers headers) {
        String digits = text(headers, DeadLetterSender.VALUE_BYTES);
        return digits != null && digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
    }

    /** Those the record had before it became a dead letter. */
    private static List<RecordContent.Header> own(Headers headers) {
        List<RecordContent.Header> own = new ArrayList<>();
        for (Header header : headers) {
            if (header.value() != null
                    && !header.key().startsWith("kafka_")
                    && !header.key().startsWith("coupon-")) {
                own.add(new RecordContent.Header(header.key(), Bytes.of(header.value())));
            }
        }
        return own;
    }
}
