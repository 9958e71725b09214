package com.coupon.persistence.adapter.in.kafka;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.persistence.port.out.PublishedIssuances;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.kafka.core.ConsumerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the topic from where the listener's group has committed to where the topic ends now. It
 * stands beside the listener, because both read the same message.
 *
 * <p>Each reading has a consumer of its own, which asks what the group has committed but is no
 * member of it: it is assigned its partitions, disturbs nobody and commits nothing. A new one each
 * time knows partitions that were added, and has no connection that died in the meantime.
 * Thread-safe.
 */
@ConsumerRole
final class KafkaPublishedIssuances implements PublishedIssuances {

    /** Kafka answers within this, or is away: meanwhile a campaign stands still. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private static final Duration POLL = Duration.ofMillis(200);

    /** What the broker is asked for beyond the end, which closing waits for. */
    private static final Duration FETCH = Duration.ofMillis(10);

    private static final Duration CLOSING = Duration.ofMillis(500);
    private static final int BATCH = 1_000;
    private static final int BATCH_BYTES = 4 << 20;
    private static final int PARTITION_BYTES = 1 << 20;

    private final ConsumerFactory<byte[], byte[]> consumers;
    private final JsonMapper json;
    private final String topic;
    private final Duration timeout;

    KafkaPublishedIssuances(
            ConsumerFactory<byte[], byte[]> consumers,
            JsonMapper json,
            @Value("${coupon.kafka.topic}") String topic,
            PersistenceProperties properties) {
        this.consumers = consumers;
        this.json = json;
        this.topic = topic;
        this.timeout = properties.catchUpTimeout();
    }

    private static Properties settings() {
        var settings = new Properties();
        String silence = Long.toString(SILENCE.toMillis());
        settings.setProperty(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, silence);
        settings.setProperty(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, silence);
        settings.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        // where retention has deleted what would be next
        settings.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(BATCH));
        settings.setProperty(
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, Long.toString(FETCH.toMillis()));
        settings.setProperty(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(BATCH_BYTES));
        settings.setProperty(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(PARTITION_BYTES));
        return settings;
    }

    @Override
    public void unconfirmed(
            CampaignId campaign, java.util.function.Consumer<List<IssuedCoupon>> batch) {
        long start = System.nanoTime();
        Consumer<byte[], byte[]> consumer = consumers.createConsumer(null, null, null, settings());
        try {
            Map<TopicPartition, Long> ends = assign(consumer);
            long heard = System.nanoTime();
            while (!pauseWhatIsRead(consumer, ends)) {
                if (isOver(start, timeout)) {
                    throw new TimeoutException(
                            "What was published is not read within " + timeout + ".");
                }
                var records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    List<IssuedCoupon> coupons = new ArrayList<>(records.count());
                    records.forEach(record -> add(record, campaign, coupons));
                    if (!coupons.isEmpty()) {
                        batch.accept(coupons);
                    }
                    heard = System.nanoTime();
                } else if (isOver(heard, SILENCE)) {
                    throw new TimeoutException("Kafka has said nothing for " + SILENCE + ".");
                }
            }
        } finally {
            consumer.close(CloseOptions.timeout(CLOSING));
        }
    }

    private static boolean isOver(long startNanos, Duration time) {
        return System.nanoTime() - startNanos > time.toNanos();
    }

    /**
     * Takes the partitions that have something to read, each at the first record that the listener
     * is not done with.
     *
     * @return where they end
     */
    private Map<TopicPartition, Long> assign(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .collect(Collectors.toSet());
        if (partitions.isEmpty()) {
            throw new IllegalStateException("There is no topic " + topic + ".");
        }
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(partitions);
        ends.entrySet()
                .removeIf(end -> {
                    OffsetAndMetadata offset = committed.get(end.getKey());
                    return end.getValue() == 0
                            || (offset != null && offset.offset() >= end.getValue());
                });
        consumer.assign(ends.keySet());
        Set<TopicPartition> unknown = new HashSet<>();
        for (TopicPartition partition : ends.keySet()) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset == null) {
                unknown.add(partition);
            } else {
                consumer.seek(partition, offset);
            }
        }
        if (!unknown.isEmpty()) {
            consumer.seekToBeginning(unknown);
        }
        return ends;
    }

    /** Whether all is read; what is read is not asked for any more. */
    private static boolean pauseWhatIsRead(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        ends.entrySet()
                .removeIf(end -> {
                    if (consumer.position(end.getKey()) < end.getValue()) {
                        return false;
                    }
                    consumer.pause(Set.of(end.getKey()));
                    return true;
                });
        return ends.isEmpty();
    }

    private void add(
            ConsumerRecord<byte[], byte[]> record, CampaignId campaign, List<IssuedCoupon> to) {
        IssuedCoupon coupon;
        try {
            coupon = IssuedCouponMessage.read(json, record.value());
        } catch (RuntimeException e) {
            return; // the listener makes it a dead letter
        }
        if (coupon.campaign().equals(campaign)) {
            to.add(coupon);
        }
    }
}
