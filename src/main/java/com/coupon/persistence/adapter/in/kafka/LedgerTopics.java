package com.coupon.persistence.adapter.in.kafka;

import com.coupon.shared.ConsumerRole;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;

/**
 * Creates the topic of issued coupons, and that of its dead letters, where they are missing. How
 * long both keep what was published is the broker's own setting: as long as the database may be
 * away, and not for ever, because they name members.
 */
@ConsumerRole
final class LedgerTopics extends KafkaAdmin.NewTopics {

    /** What the name of a topic becomes for its dead letters. */
    static final String DEAD_LETTERS = "-dlt";

    /**
     * Room for the longest record that Kafka takes by default, and for the headers that a dead
     * letter has besides.
     */
    static final int LONGEST_LETTER_BYTES = 2 << 20;

    LedgerTopics(@Value("${coupon.kafka.topic}") String topic, PersistenceProperties properties) {
        super(
                topic(topic, properties).build(),
                topic(topic + DEAD_LETTERS, properties)
                        .config(
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                Integer.toString(LONGEST_LETTER_BYTES))
                        .build());
    }

    private static TopicBuilder topic(String name, PersistenceProperties properties) {
        return TopicBuilder.name(name)
                .partitions(properties.partitions())
                .replicas(properties.replicas())
                .config(
                        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                        Integer.toString(properties.minInsyncReplicas()));
    }
}
