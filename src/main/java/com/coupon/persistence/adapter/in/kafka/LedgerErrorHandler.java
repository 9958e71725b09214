package com.coupon.persistence.adapter.in.kafka;

import com.coupon.shared.ConsumerRole;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer.HeaderNames.HeadersToAdd;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.RetryListener;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.util.backoff.FixedBackOff;

/**
 * What happens to records that could not be recorded. One that never can goes to the dead letters
 * alone and at once. Anything else, such as a database that is away, is tried again without end,
 * ever more slowly but always within {@code max.poll.interval.ms}, so that the consumer stays in
 * its group; nothing of it becomes a dead letter. Whether it is the one or the other is asked again
 * for each try, because the two are failures of different types.
 */
@ConsumerRole
final class LedgerErrorHandler extends DefaultErrorHandler {

    private static final Logger log = LoggerFactory.getLogger(LedgerErrorHandler.class);

    LedgerErrorHandler(KafkaTemplate<String, byte[]> kafka, PersistenceProperties properties) {
        super(deadLetters(kafka), endless(properties));
        setBackOffFunction((record, failure) -> isPoison(failure) ? new FixedBackOff(0, 0) : null);
        setRetryListeners(new Log());
        setLogLevel(KafkaException.Level.DEBUG); // what there is to say is said there
    }

    private static boolean isPoison(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IssuedCouponListener.Poison) {
                return true;
            }
        }
        return false;
    }

    /** Says what is tried again, and how often it has been. */
    private static final class Log implements RetryListener {

        @Override
        public void failedDelivery(
                ConsumerRecord<?, ?> record, @Nullable Exception failure, int attempt) {
            log.warn(
                    "{}-{}@{} and those after it are not recorded, try {}: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    attempt,
                    failure == null ? "" : NestedExceptionUtils.getMostSpecificCause(failure));
        }

        @Override
        public void recovered(ConsumerRecord<?, ?> record, @Nullable Exception failure) {
            log.error(
                    "{}-{}@{} has become a dead letter",
                    record.topic(),
                    record.partition(),
                    record.offset());
        }
    }

    private static DeadLetterPublishingRecoverer deadLetters(KafkaTemplate<String, byte[]> kafka) {
        var recoverer =
                new DeadLetterPublishingRecoverer(
                        kafka,
                        (record, failure) ->
                                new TopicPartition(
                                        record.topic() + LedgerTopics.DEAD_LETTERS,
                                        record.partition()));
        recoverer.excludeHeader(HeadersToAdd.EX_STACKTRACE);
        return recoverer;
    }

    private static ExponentialBackOff endless(PersistenceProperties properties) {
        var backOff = new ExponentialBackOff(properties.firstBackOff().toMillis(), 2);
        backOff.setMaxInterval(properties.longestBackOff().toMillis());
        backOff.setJitter(properties.firstBackOff().toMillis() / 2);
        return backOff;
    }
}
