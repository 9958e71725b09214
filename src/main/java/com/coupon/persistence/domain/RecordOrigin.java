package com.coupon.persistence.domain;

import java.util.regex.Pattern;

/**
 * Where a record stood in Kafka. The time belongs to it, because a topic that is made anew counts
 * its offsets from 0 again.
 *
 * @param publishedAtMillis since 1970, as Kafka has it; below 0 where it has none
 */
public record RecordOrigin(String topic, int partition, long offset, long publishedAtMillis) {

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    /**
     * @throws IllegalArgumentException if no record can have stood there
     */
    public RecordOrigin {
        if (!TOPIC.matcher(topic).matches() || partition < 0 || offset < 0) {
            throw new IllegalArgumentException("No record can have stood there.");
        }
    }
}
