package com.coupon.persistence.adapter.in.kafka;

import com.coupon.persistence.domain.UnrecordableException;
import com.coupon.shared.ConsumerRole;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.kafka.listener.RetryListener;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.util.backoff.FixedBackOff;

/**
 * What happens to records that could not be recorded, and to dead letters that could not be stored.
 * A record that never can be recorded goes to the dead letters alone and at once. Anything else,
 * such as a database that is away, is tried again without end, ever more slowly but always within
 * {@code max.poll.interval.ms}, so that the consumer stays in its group; nothing of it becomes a
 * dead letter, and a dead letter never becomes another one. Whether it is the one or the other is
 * asked again for each try, because the two are failures of different types.
 */
@ConsumerRole
final class LedgerErrorHandler extends DefaultErrorHandler {

    private static final Logger log = LoggerFactory.getLogger(LedgerErrorHandler.class);

    private final DamagedRecords damaged;

    LedgerErrorHandler(
            DeadLetterSender deadLetters,
            DamagedRecords damaged,
            PersistenceProperties properties,
            MeterRegistry meters) {
        super(deadLetters::send, endless(properties));
        this.damaged = damaged;
        setBackOffFunction(
                (record, failure) -> refusal(failure) == null ? null : new FixedBackOff(0, 0));
        setRetryListeners(new Watch(meters));
        setLogLevel(KafkaException.Level.DEBUG); // what there is to say is said there
    }

    /** Why a record can never be recorded, or null where it may be the next time. */
    static @Nullable UnrecordableException refusal(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IssuedCouponListener.Poison poison) {
                return poison.refusal();
            }
        }
        return null;
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
            if (refusal(failure) == null) {
                retried(record, "and those after it are not taken", failure, attempt);
            }
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

        @Override
        public void recovered(ConsumerRecord<?, ?> record, @Nullable Exception failure) {
            UnrecordableException refusal = refusal(failure);
            log.error(
                    "{}-{}@{} has become a dead letter: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    refusal == null ? "" : refusal.reason());
        }
    }

    /** Counts a failure that is followed by another try. */
    static void retry(MeterRegistry meters, String topic) {
        Counter.builder("coupon.ledger.retries")
                .description("Failures that may pass, each of which is followed by another try")
                .tag("topic", topic)
                .register(meters)
                .increment();
    }

    static ExponentialBackOff endless(PersistenceProperties properties) {
        var backOff = new ExponentialBackOff(properties.firstBackOff().toMillis(), 2);
        backOff.setMaxInterval(properties.longestBackOff().toMillis());
        backOff.setJitter(properties.firstBackOff().toMillis() / 2);
        return backOff;
    }
}
