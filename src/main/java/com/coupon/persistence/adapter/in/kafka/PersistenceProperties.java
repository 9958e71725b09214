package com.coupon.persistence.adapter.in.kafka;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code coupon.persistence}: how the ledger is fed.
 *
 * @param partitions of the topic and of its dead letters, when they are created
 * @param replicas of each partition, when they are created; 3 in production
 * @param minInsyncReplicas how many of them must have a record before it is acknowledged; 2 in
 *     production
 * @param firstBackOff how long to wait after a first failure that may pass, such as a database that
 *     is away
 * @param longestBackOff how long to wait between tries at most; there is no last try
 * @param revocationInterval how long after one look for revocations that were cut short the next
 *     one follows
 * @param catchUpTimeout how long a rebuild may take to record what was published and is not in the
 *     ledger yet; one that is not through by then begins anew
 * @param deadLetterInterval how long after one count of the dead letters that are open the next one
 *     follows
 * @param damagedTries how often a record that Kafka delivers damaged is fetched, with the back-off
 *     between, until it becomes a dead letter without contents
 */
@ConfigurationProperties("coupon.persistence")
@Validated
record PersistenceProperties(
        @DefaultValue("6") @Min(1) @Max(1000) int partitions,
        @DefaultValue("1") @Min(1) @Max(9) short replicas,
        @DefaultValue("1") @Min(1) @Max(9) int minInsyncReplicas,
        @DefaultValue("200ms") @DurationMin(millis = 1) @DurationMax(minutes = 1)
                Duration firstBackOff,
        @DefaultValue("30s") @DurationMin(millis = 1) @DurationMax(minutes = 4)
                Duration longestBackOff,
        @DefaultValue("5s") @DurationMin(millis = 100) @DurationMax(minutes = 10)
                Duration revocationInterval,
        @DefaultValue("10s") @DurationMin(seconds = 1) @DurationMax(minutes = 10)
                Duration catchUpTimeout,
        @DefaultValue("5s") @DurationMin(millis = 100) @DurationMax(minutes = 10)
                Duration deadLetterInterval,
        @DefaultValue("10") @Min(1) @Max(1000) int damagedTries) {

    /**
     * @throws IllegalArgumentException if two of the bounds contradict each other
     */
    PersistenceProperties {
        if (minInsyncReplicas > replicas) {
            throw new IllegalArgumentException(
                    "coupon.persistence.min-insync-replicas is at most coupon.persistence.replicas.");
        }
        if (firstBackOff.compareTo(longestBackOff) > 0) {
            throw new IllegalArgumentException(
                    "coupon.persistence.first-back-off is at most coupon.persistence.longest-back-off.");
        }
    }
}
