package com.coupon.faults;

import com.coupon.history.History.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that was ever on the topic of issued coupons and on that of its dead letters, read apart from
 * the service. Used by one thread.
 */
final class Topics implements AutoCloseable {

    private static final String ISSUED = "coupon.issued";
    private static final String DEAD = "coupon.issued-dlt";

    /** What records that nobody can read begin with. */
    private static final String POISON = "poison of ";

    private final JsonMapper json = new JsonMapper();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, List<Event>> issued = new HashMap<>();
    private final Map<String, List<Event>> dead = new HashMap<>();
    private final Map<String, List<ProducerRecord<byte[], byte[]>>> records = new HashMap<>();
    private final Set<String> deadPoison = new TreeSet<>();

    /**
     * @param kafka bootstrap servers; the topics are there
     */
    Topics(String kafka) {
        this.consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", kafka, "auto.offset.reset", "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka, "max.block.ms", "30000"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : List.of(ISSUED, DEAD)) {
            consumer.partitionsFor(topic)
                    .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads what has come up to now. */
    void read() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(Duration.ofMillis(100)).forEach(this::take);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        boolean isDead = record.topic().equals(DEAD);
        String value = new String(record.value(), StandardCharsets.UTF_8);
        if (value.startsWith(POISON)) {
            if (isDead) {
                deadPoison.add(value);
            }
            return;
        }
        try {
            JsonNode node = json.readTree(value);
            String campaign = node.path("campaignId").asString();
            var event =
                    new Event(
                            node.path("epoch").asLong(),
                            node.path("serial").asLong(),
                            node.path("memberId").asString(),
                            node.path("couponCode").asString());
            (isDead ? dead : issued).computeIfAbsent(campaign, key -> new ArrayList<>()).add(event);
            if (!isDead) {
                records.computeIfAbsent(campaign, key -> new ArrayList<>())
                        .add(new ProducerRecord<>(ISSUED, record.key(), record.value()));
            }
        } catch (JacksonException e) {
            // Not of a campaign
        }
    }

    /** Events of a campaign that were read. */
    List<Event> issued(String campaign) {
        return List.copyOf(issued.getOrDefault(campaign, List.of()));
    }

    /** Dead letters of a campaign that were read. */
    List<Event> dead(String campaign) {
        return List.copyOf(dead.getOrDefault(campaign, List.of()));
    }

    /** How many poison records of a campaign have become dead letters. */
    long deadPoison(String campaign) {
        return deadPoison.stream().filter(value -> value.startsWith(POISON + campaign)).count();
    }

    /** The records of a campaign that were read, to be sent once more. */
    List<ProducerRecord<byte[], byte[]>> records(String campaign) {
        return new ArrayList<>(records.getOrDefault(campaign, List.of()));
    }

    /** A record that nobody can read. */
    static ProducerRecord<byte[], byte[]> poison(String campaign, int number) {
        return new ProducerRecord<>(
                ISSUED,
                Integer.toString(number).getBytes(StandardCharsets.UTF_8),
                (POISON + campaign + ", " + number).getBytes(StandardCharsets.UTF_8));
    }

    /** Sends records and waits until the broker has them. */
    void send(List<ProducerRecord<byte[], byte[]>> all) {
        List<Future<?>> sent = new ArrayList<>();
        all.forEach(record -> sent.add(producer.send(record)));
        for (Future<?> one : sent) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
        producer.close(Duration.ofSeconds(1));
    }
}
