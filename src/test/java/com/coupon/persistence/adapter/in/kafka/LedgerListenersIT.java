package com.coupon.persistence.adapter.in.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.Http;
import com.coupon.Http.Answer;
import com.coupon.IntegrationTest.OnRunningServers;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.issuance.port.in.RebuildCampaign;
import com.coupon.persistence.port.in.RecordIssuances;
import com.coupon.persistence.port.out.DeadLetters;
import com.coupon.servers.RunningServers;
import com.coupon.shared.CampaignId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;

/**
 * A consumer that fails in ways that the others must not see: it has a topic and a group of its
 * own, its producers know a Kafka that is not there, its ledger may throw an Error, and who
 * rebuilds campaigns only notes that he was asked to.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "coupon.security.identity=header",
            "coupon.kafka.topic=coupon.failing",
            "spring.kafka.consumer.group-id=coupon-failing",
            "spring.kafka.producer.bootstrap-servers=127.0.0.1:9",
            "coupon.persistence.partitions=1",
            "coupon.persistence.first-back-off=10ms",
            "coupon.persistence.longest-back-off=50ms",
            "coupon.persistence.damaged-tries=3"
        })
@ActiveProfiles("consumer")
@ContextConfiguration(initializers = OnRunningServers.class)
@Import(LedgerListenersIT.Failing.class)
@DirtiesContext
class LedgerListenersIT {

    private static final String TOPIC = "coupon.failing";
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final AtomicInteger errors = new AtomicInteger();
    private static final Queue<CampaignId> suspended = new ConcurrentLinkedQueue<>();

    /** What fails. */
    @TestConfiguration
    static class Failing {

        @Bean
        @Primary
        RecordIssuances failing(@Qualifier("ledgerKeeping") RecordIssuances ledger) {
            return coupons -> {
                if (coupons.stream().anyMatch(coupon -> coupon.member().value().equals("error"))
                        && errors.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    throw new AssertionError("A test");
                }
                return ledger.record(coupons);
            };
        }

        @Bean
        @Primary
        RebuildCampaign rebuilds() {
            return campaign -> {
                suspended.add(campaign);
                return true;
            };
        }
    }

    @LocalServerPort private int port;
    @LocalManagementPort private int managementPort;
    @Autowired private KafkaListenerEndpointRegistry listeners;
    @Autowired private ManageCampaigns campaigns;
    @Autowired private DeadLetters letters;
    @Autowired private JdbcClient jdbc;

    private final CampaignId campaign = Campaigns.newId();

    private int health(String group) {
        return new Http(managementPort).call("GET", "/actuator/health/" + group, "").status();
    }

    private void isHealthy() {
        await().atMost(SOON).until(() -> health("readiness") == 200 && health("liveness") == 200);
    }

    private void isNot() {
        await().atMost(SOON).until(() -> health("readiness") == 503 && health("liveness") == 503);
    }

    private MessageListenerContainer container(String id) {
        return Objects.requireNonNull(listeners.getListenerContainer(id));
    }

    private void send(long serial, String member) {
        String code = UUID.randomUUID().toString().replace("-", "").substring(0, 20);
        String event =
                """
                {"version":1,"campaignId":"%s","epoch":1,"serial":%d,"memberId":"%s","couponCode":"%s","issuedAt":1767323045678}\
                """
                        .formatted(campaign, serial, member, code);
        try (var producer =
                new KafkaProducer<>(
                        Map.<String, Object>of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                RunningServers.get().kafka()),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            var _ =
                    producer.send(
                            new ProducerRecord<>(TOPIC, event.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private List<String> recorded() {
        return jdbc.sql(
                        "SELECT member_id FROM coupon_issuances WHERE campaign_id = ? ORDER BY serial")
                .param(campaign.value())
                .query((row, number) -> String.valueOf(row.getString(1)))
                .list();
    }

    @Test
    void anErrorInTheListenerIsSeenByWhoeverAsksForHealth() {
        campaigns.create(Campaigns.draft(campaign, 10));
        isHealthy();
        errors.set(1);
        send(1, "error");

        isNot();
        assertThat(container("ledger").isRunning()).as("starts again by itself").isFalse();
        assertThat(recorded()).isEmpty();

        container("ledger").start(); // as a new process would
        isHealthy();
        await().atMost(SOON).untilAsserted(() -> assertThat(recorded()).containsExactly("error"));
    }

    private static Admin admin() {
        return Admin.create(
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, RunningServers.get().kafka()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ledger", "dead-letters"})
    void aListenerThatHasStoppedIsSeenByWhoeverAsksForHealth(String listener) {
        isHealthy();
        container(listener).stop();
        try {
            isNot();
        } finally {
            container(listener).start();
        }
        isHealthy();
    }

    private long insertLetter(String reason) {
        return jdbc.sql(
                        """
                        INSERT INTO dead_letters (topic, partition, record_offset, published_at, value, value_bytes,
                                                  headers, reason, campaign_id, member_id, serial, epoch, code,
                                                  issued_at)
                        VALUES (:topic, 0, 0, 0, 'x', 1, '[]', :reason, :campaign, 'ann', 1, 1,
                                '00112233445566778899', now())
                        RETURNING id
                        """)
                .param("topic", campaign.value())
                .param("reason", reason)
                .param("campaign", campaign.value())
                .query(Long.class)
                .single();
    }

    private Answer call(String method, String path) {
        return new Http(port).admin(method, "/dead-letters/" + path, "");
    }

    private String status(long letter) {
        return call("GET", Long.toString(letter)).json().at("/letter/status").asString();
    }

    @Test
    void whereKafkaIsAwayAReplayIsNotDoneAndTheLetterStaysOpen() {
        long letter = insertLetter("REFUSED");
        Answer answer = call("POST", letter + "/replay");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.get("code")).isEqualTo("unavailable");
        assertThat(answer.get("detail"))
                .isEqualTo("Kafka did not acknowledge the record; the dead letter stays open.");
        assertThat(answer.header("Retry-After")).matches("[1-3]");
        assertThat(status(letter)).isEqualTo("OPEN");
    }

    @Test
    void aLateLetterIsReplayedByARebuildOfItsCampaign() {
        long letter = insertLetter("LATE");
        Answer asked = call("POST", letter + "/replay");

        assertThat(asked.status()).isEqualTo(202);
        assertThat(asked.get("status")).isEqualTo("OPEN");
        assertThat(asked.header("Location")).isEqualTo("/api/v1/admin/dead-letters/" + letter);
        assertThat(asked.header("Retry-After")).isNotEmpty();
        assertThat(suspended).contains(campaign);
        assertThat(status(letter)).isEqualTo("OPEN");

        letters.markReplayed(List.of(letter));
        assertThat(status(letter)).isEqualTo("REPLAYED");
        assertThat(call("POST", letter + "/replay").status()).isEqualTo(200);
        assertThat(
                        jdbc.sql(
                                        """
                                        SELECT operator || ' ' || action FROM audit_log
                                        WHERE subject = ? AND action LIKE '%replay%' ORDER BY id
                                        """)
                                .param(campaign.value())
                                .query((row, number) -> String.valueOf(row.getString(1)))
                                .list())
                .containsExactly(
                        "ops dead-letter.replay-requested", "the service dead-letter.replayed");
    }

    @Test
    void aRecordThatIsDamagedOnTheDiskOfKafkaHoldsUpNothing() throws Exception {
        campaigns.create(Campaigns.draft(campaign, 10));
        container("ledger").stop();
        send(1, "before");
        send(2, "damaged-" + campaign);
        send(3, "after");
        damage(("damaged-" + campaign).getBytes(StandardCharsets.US_ASCII));
        container("ledger").start();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(recorded()).containsExactly("before", "after"));
        assertThat(
                        jdbc.sql(
                                        """
                                        SELECT cause || ' ' || coalesce(value_bytes::text, '?') FROM dead_letters
                                        WHERE topic = ? AND published_at = -1
                                        """)
                                .param(TOPIC)
                                .query(String.class)
                                .single())
                .isEqualTo("Kafka delivers it damaged. ?");
        isHealthy();
    }

    /** Changes a byte of a record in the log of the broker, which does not look at it. */
    private static void damage(byte[] text) throws Exception {
        Path log;
        try (var admin = admin()) {
            int broker = admin.describeCluster().nodes().get().iterator().next().id();
            log =
                    admin.describeLogDirs(List.of(broker)).allDescriptions().get().values().stream()
                            .flatMap(folders -> folders.keySet().stream())
                            .map(folder ->
                                    Path.of(folder, TOPIC + "-0", "00000000000000000000.log"))
                            .filter(Files::exists)
                            .findFirst()
                            .orElse(Path.of("none"));
        }
        assumeThat(log).as("a broker on this machine").exists();
        try (var file = new RandomAccessFile(log.toFile(), "rw")) {
            byte[] all = new byte[(int) file.length()];
            file.readFully(all);
            file.seek(indexOf(all, text));
            file.write('D');
        }
    }

    private static int indexOf(byte[] all, byte[] text) throws IOException {
        for (int i = 0; i <= all.length - text.length; i++) {
            if (Arrays.equals(all, i, i + text.length, text, 0, text.length)) {
                return i;
            }
        }
        throw new IOException("It is not there.");
    }
}
