package com.coupon.persistence.adapter.in.kafka;

import com.coupon.shared.ConsumerRole;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.kafka.listener.RetryListener;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * What happens where records could not be recorded this time, or dead letters not be stored, such
 * as while the database is away: they are tried again without end, ever more slowly but always
 * within {@code max.poll.interval.ms}, so that the consumer stays in its group. Nothing of it
 * becomes a dead letter.
 */
@ConsumerRole
final class LedgerErrorHandler extends DefaultErrorHandler {

    private static final Logger log = LoggerFactory.getLogger(LedgerErrorHandler.class);

    private final DamagedRecords damaged;

    LedgerErrorHandler(
            DamagedRecords damaged,
            PersistenceProperties properties,
            MeterRegistry meters,
            @Value("${coupon.kafka.topic}") String topic) {
        super(endless(properties));
        this.damaged = damaged;
        // also before the first: what is not there cannot be missed
        retries(meters, topic);
        retries(meters, topic + LedgerTopics.DEAD_LETTERS);
        setRetryListeners(new Watch(meters));
        setLogLevel(KafkaException.Level.DEBUG); // what there is to say is said there
    }

    /** A poll that failed, before there was a record. */
    @Override
    public void handleOtherException(
            Exception failure,
            Consumer<?, ?> consumer,
            MessageListenerContainer container,
            boolean batchListener) {
        damaged.afterFailedPoll(failure, consumer, container);
    }

    /** Says and counts what is tried again, and how often it has been. */
    private static final class Watch implements RetryListener {

        private final MeterRegistry meters;

        Watch(MeterRegistry meters) {
            this.meters = meters;
        }

        @Override
        public void failedDelivery(
                ConsumerRecord<?, ?> record, @Nullable Exception failure, int attempt) {
            retried(record, "and those after it are not taken", failure, attempt);
        }

        /** A whole batch; one whose record is named is told above. */
        @Override
        public void failedDelivery(
                ConsumerRecords<?, ?> records, @Nullable Exception failure, int attempt) {
            if (!isOfOneRecord(failure) && !records.isEmpty()) {
                retried(
                        records.iterator().next(),
                        "and its whole batch are not taken",
                        failure,
                        attempt);
            }
        }

        private static boolean isOfOneRecord(@Nullable Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof BatchListenerFailedException) {
                    return true;
                }
            }
            return false;
        }

        private void retried(
                ConsumerRecord<?, ?> record,
                String what,
                @Nullable Exception failure,
                int attempt) {
            retry(meters, record.topic());
            log.warn(
                    "{}-{}@{} {}, try {}: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    what,
                    attempt,
                    failure == null
                            ? ""
                            : NestedExceptionUtils.getMostSpecificCause(failure).toString());
        }
    }

    /** Counts a failure that is followed by another try. */
    static void retry(MeterRegistry meters, String topic) {
        retries(meters, topic).increment();
    }

    private static Counter retries(MeterRegistry meters, String topic) {
        return Counter.builder("coupon.ledger.retries")
                .description("Failures that may pass, each of which is followed by another try")
                .tag("topic", topic)
                .register(meters);
    }

    static ExponentialBackOff endless(PersistenceProperties properties) {
        var backOff = new ExponentialBackOff(properties.firstBackOff().toMillis(), 2);
        backOff.setMaxInterval(properties.longestBackOff().toMillis());
        backOff.setJitter(properties.firstBackOff().toMillis() / 2);
        return backOff;
    }
}
