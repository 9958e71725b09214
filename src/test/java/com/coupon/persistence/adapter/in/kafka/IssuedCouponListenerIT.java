package com.coupon.persistence.adapter.in.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.IntegrationTest;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.persistence.port.in.ListIssuances;
import com.coupon.servers.RunningServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.KafkaHeaders;

/** What becomes of good and bad records, from a real topic to a real ledger. */
@IntegrationTest
class IssuedCouponListenerIT {

    private static final String TOPIC = "coupon.issued";
    private static final Duration SOON = Duration.ofSeconds(30);

    @Autowired private KafkaTemplate<String, byte[]> kafka;
    @Autowired private ManageCampaigns campaigns;
    @Autowired private ListIssuances ledger;
    @Autowired private JdbcClient jdbc;

    private final Campaign campaign = Campaigns.draft(Campaigns.newId(), 100);

    @BeforeEach
    void aCampaign() {
        campaigns.create(campaign);
    }

    private String event(long serial, String member) {
        String code = UUID.randomUUID().toString().replace("-", "").substring(0, 20);
        return """
        {"version":1,"campaignId":"%s","epoch":1,"serial":%d,"memberId":"%s","couponCode":"%s","issuedAt":1767323045678}\
        """
                .formatted(campaign.id(), serial, member, code);
    }

    private void send(String event) {
        // one key, so that all of a test are in one partition and in this order
        var _ = kafka.send(TOPIC, campaign.id().value(), event.getBytes(StandardCharsets.UTF_8));
    }

    private List<Long> recorded() {
        return ledger.list(campaign.id(), 0, 1_000).stream()
                .map(row -> row.coupon().serial())
                .toList();
    }

    private List<Long> upTo(long last) {
        return IntStream.rangeClosed(1, (int) last).mapToObj(Long::valueOf).toList();
    }

    @Test
    void whatIsToldThreeTimesAndInDisorderIsRecordedOnce() {
        List<String> events =
                IntStream.rangeClosed(1, 100)
                        .mapToObj(serial -> event(serial, "m" + serial))
                        .toList();
        events.forEach(this::send);
        events.reversed().forEach(this::send);
        events.forEach(this::send);

        await().atMost(SOON).untilAsserted(() -> assertThat(recorded()).isEqualTo(upTo(100)));
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void poisonGoesToTheDeadLettersAloneAndAtOnce() {
        send(event(1, "m1"));
        send("{\"version\":1,\"campaignId\":\"" + campaign.id() + "\"");
        send(event(2, "m2"));
        send(event(101, "beyond-the-stock"));
        send(event(3, "m3"));
        send(event(2, "another-member"));
        send(event(4, "m4"));
        send(event(5, "no-campaign").replace(campaign.id().value(), campaign.id() + "-no"));
        send(event(5, "m5"));

        send("null");

        await().atMost(SOON).untilAsserted(() -> assertThat(recorded()).isEqualTo(upTo(5)));
        await().atMost(SOON).untilAsserted(() -> assertThat(deadLetters()).hasSize(4));
        assertThat(deadLetters().get(0)).endsWith("\"campaignId\":\"" + campaign.id() + "\"");
        assertThat(deadLetters().get(1)).contains("beyond-the-stock");
        assertThat(deadLetters().get(2)).contains("another-member");
        assertThat(deadLetters().get(3)).contains("no-campaign");
    }

    @Test
    void aDatabaseThatIsAwayDelaysAndMakesOnlyPoisonADeadLetter() {
        jdbc.sql("ALTER TABLE coupon_issuances RENAME TO coupon_issuances_away").update();
        try {
            send(event(101, "beyond-the-stock"));
            send(event(1, "m1"));
            await().atMost(SOON).until(() -> lag() > 0);
            send("{\"campaignId\":\"" + campaign.id() + "\"}");
            send(event(2, "m2"));
        } finally {
            jdbc.sql("ALTER TABLE coupon_issuances_away RENAME TO coupon_issuances").update();
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(recorded()).isEqualTo(upTo(2)));
        await().atMost(SOON).untilAsserted(() -> assertThat(deadLetters()).hasSize(2));
        assertThat(deadLetters().get(0)).contains("beyond-the-stock");
        assertThat(deadLetters().get(1)).startsWith("{\"campaignId\"");
    }

    @Test
    void ofSeveralContradictionsEachBecomesADeadLetter() {
        send(event(1, "m1"));
        send(event(2, "m2"));
        await().atMost(SOON).untilAsserted(() -> assertThat(recorded()).isEqualTo(upTo(2)));
        send(event(2, "second-again"));
        send(event(1, "first-again"));
        send(event(3, "m3"));

        await().atMost(SOON).untilAsserted(() -> assertThat(recorded()).isEqualTo(upTo(3)));
        await().atMost(SOON).untilAsserted(() -> assertThat(deadLetters()).hasSize(2));
    }

    /** Records that the ledger's group has not committed. */
    private long lag() {
        try (var consumer = consumer("coupon-ledger")) {
            List<TopicPartition> partitions = partitions(TOPIC);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            var committed = consumer.committed(Set.copyOf(partitions));
            return partitions.stream()
                    .mapToLong(partition -> {
                        var offset = committed.get(partition);
                        return ends.getOrDefault(partition, 0L)
                                - (offset == null ? 0 : offset.offset());
                    })
                    .sum();
        }
    }

    /** What lies in the dead letters from this test, in order; it may not carry a stack trace. */
    private List<String> deadLetters() {
        List<String> found = new ArrayList<>();
        try (var consumer = consumer("look-" + UUID.randomUUID())) {
            List<TopicPartition> partitions = partitions(TOPIC + "-dlt");
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.value().contains(campaign.id().value())) {
                        assertThat(
                                        record.headers()
                                                .lastHeader(KafkaHeaders.DLT_EXCEPTION_STACKTRACE))
                                .isNull();
                        found.add(record.value());
                    }
                }
            }
        }
        return found;
    }

    private static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, 6).mapToObj(number -> new TopicPartition(topic, number)).toList();
    }

    private static KafkaConsumer<String, String> consumer(String group) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        RunningServers.get().kafka(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
