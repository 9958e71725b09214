package com.coupon.persistence.adapter.in.kafka;

import com.coupon.persistence.domain.DeadLetterSubject;
import com.coupon.persistence.domain.QuarantinedRecord;
import com.coupon.persistence.domain.RecordContent;
import com.coupon.persistence.domain.RecordOrigin;
import com.coupon.persistence.domain.UnrecordableException.Reason;
import com.coupon.persistence.port.in.StoreDeadLetters;
import com.coupon.shared.ConsumerRole;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ListenerUtils;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.util.backoff.BackOffExecution;

/**
 * What happens where a poll fails, before there is a record: it is repeated without end, ever more
 * slowly. Only a record that Kafka delivers damaged is given up after {@code
 * coupon.persistence.damaged-tries}. Until then it is fetched anew each time, because another
 * replica may have it whole; then it becomes a dead letter without contents, since it must not hold
 * up all that comes after it. What stands behind it in the same damaged batch follows at once.
 *
 * <p>Its place is in the database and not in the topic of dead letters, where there would be
 * nothing to store, and from which damaged records may come as well. Thread-safe.
 */
@ConsumerRole
final class DamagedRecords {

    private static final Logger log = LoggerFactory.getLogger(DamagedRecords.class);

    /** The client says it in no other way. */
    private static final Pattern DAMAGED =
            Pattern.compile("exception when fetching the next record from (\\S+)-(\\d+)\\. ");

    private static final Duration COMMITTING = Duration.ofSeconds(5);

    private final StoreDeadLetters letters;
    private final PersistenceProperties properties;
    private final MeterRegistry meters;
    private final Map<String, Failures> failures = new ConcurrentHashMap<>();

    DamagedRecords(
            StoreDeadLetters letters, PersistenceProperties properties, MeterRegistry meters) {
        this.letters = letters;
        this.properties = properties;
        this.meters = meters;
    }

    /**
     * Polls of a container that failed one after the other at the same place.
     *
     * @param at partition and offset of a damaged record, or what failed otherwise
     * @param pauses those between them, ever longer
     * @param seen when the last of them was, in nanoseconds of this process
     */
    private record Failures(String at, int count, BackOffExecution pauses, long seen) {

        boolean isFollowedBy(String where, Duration atMost) {
            return at.equals(where) && System.nanoTime() - seen < atMost.toNanos();
        }
    }

    /** Waits, and sees to it that the next poll may succeed. */
    void afterFailedPoll(
            Exception failure, Consumer<?, ?> consumer, MessageListenerContainer container) {
        String listener = String.valueOf(container.getListenerId());
        TopicPartition partition = damagedPartition(failure);
        long offset = partition == null ? 0 : consumer.position(partition);
        String at = partition == null ? failure.getClass().getName() : partition + "@" + offset;
        Failures last = failures.get(listener);
        Failures now =
                last != null && last.isFollowedBy(at, properties.longestBackOff().multipliedBy(3))
                        ? failures(at, last.count() + 1, last.pauses())
                        : failures(at, 1, LedgerErrorHandler.endless(properties).start());
        failures.put(listener, now);
        LedgerErrorHandler.retry(meters, partition == null ? "" : partition.topic());
        log.warn("{} fails at {}, try {}: {}", listener, at, now.count(), failure.toString());
        if (partition != null && now.count() >= properties.damagedTries()) {
            if (giveUp(partition, offset)) {
                goOnAfter(partition, offset, consumer);
                failures.put(
                        listener,
                        failures(
                                partition + "@" + (offset + 1),
                                properties.damagedTries() - 1,
                                now.pauses()));
                return;
            }
        }
        if (partition != null) {
            consumer.seek(partition, offset); // or the client would not fetch it anew
        }
        pause(container, now);
    }

    private static Failures failures(String at, int count, BackOffExecution pauses) {
        return new Failures(at, count, pauses, System.nanoTime());
    }

    private static @Nullable TopicPartition damagedPartition(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher damaged = DAMAGED.matcher(String.valueOf(cause.getMessage()));
            if (damaged.find()) {
                return new TopicPartition(damaged.group(1), Integer.parseInt(damaged.group(2)));
            }
        }
        return null;
    }

    private boolean giveUp(TopicPartition partition, long offset) {
        try {
            letters.store(
                    List.of(
                            new QuarantinedRecord(
                                    new RecordOrigin(
                                            partition.topic(),
                                            partition.partition(),
                                            offset,
                                            ConsumerRecord.NO_TIMESTAMP),
                                    RecordContent.LOST,
                                    Reason.UNREADABLE,
                                    "Kafka delivers it damaged.",
                                    DeadLetterSubject.UNKNOWN)));
            log.error("{}@{} is damaged and has become a dead letter", partition, offset);
            return true;
        } catch (RuntimeException e) {
            log.warn("{}@{} cannot be stored: {}", partition, offset, e.toString());
            return false;
        }
    }

    /** Also for those who begin where this group has come to, such as a rebuild. */
    private static void goOnAfter(TopicPartition partition, long offset, Consumer<?, ?> consumer) {
        consumer.seek(partition, offset + 1);
        try {
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset + 1)), COMMITTING);
        } catch (KafkaException e) {
            log.warn("{}@{} is passed over, but not for good: {}", partition, offset, e.toString());
        }
    }

    private static void pause(MessageListenerContainer container, Failures now) {
        try {
            ListenerUtils.stoppableSleep(container, now.pauses().nextBackOff());
        } catch (InterruptedException e) {
            throw new InterruptException(e); // keeps the thread interrupted
        }
    }
}
