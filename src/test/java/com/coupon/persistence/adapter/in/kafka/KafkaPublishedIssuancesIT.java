package com.coupon.persistence.adapter.in.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.Campaigns;
import com.coupon.IntegrationTest;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.persistence.port.out.PublishedIssuances;
import com.coupon.servers.RunningServers;
import com.coupon.shared.CampaignId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Reading what was published, from a real topic of its own. */
@IntegrationTest
class KafkaPublishedIssuancesIT {

    private static final int PARTITIONS = 3;

    @Autowired private KafkaTemplate<String, byte[]> kafka;
    @Autowired private ConsumerFactory<byte[], byte[]> consumers;
    @Autowired private JsonMapper json;

    private final CampaignId campaign = Campaigns.newId();
    private final String topic = "published-" + UUID.randomUUID();
    private final String group = "group-" + UUID.randomUUID();
    private final Admin admin =
            Admin.create(Map.of("bootstrap.servers", RunningServers.get().kafka()));

    @BeforeEach
    void aTopic() throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                .all()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void closeAdmin() {
        admin.close();
    }

    private ConsumerFactory<byte[], byte[]> factory(Map<String, Object> others) {
        Map<String, Object> settings = new HashMap<>(consumers.getConfigurationProperties());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.putAll(others);
        return new DefaultKafkaConsumerFactory<>(settings);
    }

    private PublishedIssuances published(Map<String, Object> others, Duration timeout) {
        return new KafkaPublishedIssuances(
                factory(others),
                json,
                topic,
                new PersistenceProperties(
                        PARTITIONS,
                        (short) 1,
                        1,
                        Duration.ofMillis(1),
                        Duration.ofMillis(1),
                        Duration.ofSeconds(1),
                        timeout,
                        Duration.ofSeconds(1),
                        1));
    }

    /** The serials that are read, in ascending order. */
    private List<Long> read() {
        List<Long> serials = new ArrayList<>();
        published(Map.of(), Duration.ofSeconds(20))
                .unconfirmed(
                        campaign,
                        coupons ->
                                coupons.stream().map(IssuedCoupon::serial).forEach(serials::add));
        return serials.stream().sorted().toList();
    }

    private void publish(int partition, String event) {
        kafka.send(topic, partition, "key", event.getBytes(StandardCharsets.UTF_8)).join();
    }

    private void publish(int partition, long... serials) {
        for (long serial : serials) {
            publish(
                    partition,
                    """
                    {"version":1,"campaignId":"%s","epoch":1,"serial":%d,"memberId":"m%d","couponCode":"%020x","issuedAt":1}\
                    """
                            .formatted(campaign, serial, serial, serial));
        }
    }

    private void commit(int partition, long offset) {
        try (var consumer = factory(Map.of()).createConsumer()) {
            consumer.commitSync(
                    Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
        }
    }

    private void deleteBefore(int partition, long offset) throws Exception {
        admin.deleteRecords(
                        Map.of(
                                new TopicPartition(topic, partition),
                                RecordsToDelete.beforeOffset(offset)))
                .all()
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void whereNothingIsCommittedAllThereIsIsRead() {
        publish(0, 1, 2);
        publish(1, 3);
        publish(1, "no coupon");
        publish(1, "null");
        kafka.send(topic, 2, "key", null).join();
        publish(2, 4);
        publish(
                2,
                """
                {"version":1,"campaignId":"of-others","epoch":1,"serial":9,"memberId":"m","couponCode":"%020x","issuedAt":1}\
                """
                        .formatted(9));

        assertThat(read()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void anEmptyTopicHasNothing() {
        assertThat(read()).isEmpty();
    }

    @Test
    void aTopicThatIsMissingIsNotTakenForAnEmptyOne() throws Exception {
        admin.deleteTopics(List.of(topic)).all().get(10, TimeUnit.SECONDS);

        assertThatThrownBy(this::read).isInstanceOf(RuntimeException.class);
    }

    @Test
    void whatIsCommittedIsNotReadAgain() {
        publish(0, 1, 2, 3);
        publish(1, 4);
        commit(0, 2);
        commit(1, 1);

        assertThat(read()).containsExactly(3L);
    }

    @Test
    void readingLeavesTheGroupAsItIs() throws Exception {
        publish(0, 1, 2, 3);
        commit(0, 2);

        published(Map.of(), Duration.ofSeconds(20))
                .unconfirmed(campaign, coupons -> assertThat(members()).isZero());

        assertThat(
                        admin.listConsumerGroupOffsets(group)
                                .partitionsToOffsetAndMetadata()
                                .get(10, TimeUnit.SECONDS))
                .isEqualTo(Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(2)));
    }

    private int members() {
        try {
            return admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .values()
                    .iterator()
                    .next()
                    .get(10, TimeUnit.SECONDS)
                    .members()
                    .size();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whereRetentionWasFasterReadingBeginsWithWhatIsLeft() throws Exception {
        publish(0, 1, 2, 3, 4);
        publish(1, 5, 6);
        publish(2, 7, 8);
        commit(0, 1);
        commit(1, 1);
        deleteBefore(0, 3);
        deleteBefore(1, 2);
        deleteBefore(2, 2);

        assertThat(read()).containsExactly(4L);
    }

    @Test
    void manyRecordsComeInBoundedBatches() {
        publishMany(5_000);
        List<Integer> sizes = new ArrayList<>();

        published(Map.of(), Duration.ofSeconds(20))
                .unconfirmed(campaign, coupons -> sizes.add(coupons.size()));

        assertThat(sizes).allMatch(size -> size <= 1_000);
        assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(5_000);
    }

    private void publishMany(long count) {
        // a leader that is only just elected takes what is sent at once in disorder
        for (int partition = 0; partition < PARTITIONS; partition++) {
            publish(partition, "no coupon");
        }
        LongStream.rangeClosed(1, count)
                .mapToObj(serial ->
                        kafka.send(
                                topic,
                                (int) (serial % PARTITIONS),
                                "key",
                                """
                                {"version":1,"campaignId":"%s","epoch":1,"serial":%d,"memberId":"m%d","couponCode":"%020x","issuedAt":1}\
                                """
                                        .formatted(campaign, serial, serial, serial)
                                        .getBytes(StandardCharsets.UTF_8)))
                .toList()
                .forEach(sent -> sent.join());
    }

    @Test
    void whatTakesTooLongIsGivenUp() {
        publishMany(5_000);

        assertThatThrownBy(() ->
                        published(Map.of(), Duration.ofNanos(1))
                                .unconfirmed(campaign, coupons -> {}))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("within");
    }

    @Test
    @Timeout(5)
    void aKafkaThatIsAwayIsNoticedWithinSeconds() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThatThrownBy(() ->
                        published(
                                        Map.of(
                                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                                "127.0.0.1:" + port),
                                        Duration.ofSeconds(20))
                                .unconfirmed(campaign, coupons -> {}))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void whatTheTakerThrowsEndsTheReading() {
        publish(0, 1);

        assertThatThrownBy(() ->
                        published(Map.of(), Duration.ofSeconds(20))
                                .unconfirmed(
                                        campaign,
                                        coupons -> {
                                            throw new IllegalStateException("no database");
                                        }))
                .hasMessage("no database");
    }
}
