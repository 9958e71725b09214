package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Http.Answer;
import com.coupon.servers.PostgresProcess;
import com.coupon.servers.RedisProcess;
import com.coupon.servers.RunningServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import redis.clients.jedis.Jedis;

/**
 * PostgreSQL is lost and restored from a backup, as docs/operations.md says; what was recorded
 * after the backup is still in Kafka.
 */
class RestoreIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int COUPONS = 12;

    @TempDir Path folder = Path.of("");

    private final String campaign = Campaigns.newId().value();
    private final String group = "coupon-restored-" + campaign;
    private final Map<String, Answer> winners = new LinkedHashMap<>();
    private RedisProcess redis;
    private PostgresProcess postgres;
    private ConfigurableApplicationContext service;

    /** Five have won before the backup, five after it. */
    @BeforeEach
    void loseTheDatabaseAndRestoreIt() {
        redis = RedisProcess.start(folder);
        postgres = new PostgresProcess(folder);
        service = start();
        http().open(campaign, COUPONS);
        win(1, 5);
        await().atMost(SOON).until(() -> rows() == 5);
        postgres.backUp(folder.resolve("backup"));
        win(6, 10);
        await().atMost(SOON).until(() -> rows() == 10);
        service.close();

        postgres.restore(folder.resolve("backup"));
        assertThat(rows()).as("what the backup has").isEqualTo(5);
    }

    @AfterEach
    void end() {
        service.close();
        postgres.close();
        redis.close();
    }

    private ConfigurableApplicationContext start() {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("coupon.redis.nodes", redis.address().toString());
        properties.put("coupon.redis.replicas-to-await", "0");
        properties.put("spring.datasource.url", postgres.jdbcUrl());
        properties.put("coupon.kafka.topic", "coupon.restored-" + campaign);
        properties.put("spring.kafka.consumer.group-id", group);
        properties.put("coupon.security.identity", "header");
        properties.put("coupon.reconciliation.scheduled", "false");
        properties.put("coupon.issuance.warm-up.claims", "0");
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles("api", "consumer");
        application.setRegisterShutdownHook(false);
        return application.run(
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    private Http http() {
        return new Http(
                service.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    private Answer claim(String member) {
        return await().atMost(SOON)
                .until(() -> http().claim(campaign, member), answer -> answer.status() != 503);
    }

    private void win(int first, int last) {
        for (int i = first; i <= last; i++) {
            Answer answer = claim("m" + i);
            assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
            winners.put("m" + i, answer);
        }
    }

    private long rows() {
        return JdbcClient.create(
                        new DriverManagerDataSource(postgres.jdbcUrl(), "postgres", "postgres"))
                .sql("SELECT count(*) FROM coupon_issuances WHERE campaign_id = ?")
                .param(campaign)
                .query(Long.class)
                .single();
    }

    private void loseRedis() {
        try (Jedis jedis = new Jedis(redis.address())) {
            jedis.flushAll();
        }
    }

    /** As {@code kafka-consumer-groups.sh --reset-offsets} does while no consumer runs. */
    private void goBackInKafka() throws Exception {
        try (Admin admin =
                Admin.create(
                        Map.of(
                                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                                RunningServers.get().kafka()))) {
            var committed =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            assertThat(committed).isNotEmpty();
            admin.alterConsumerGroupOffsets(
                            group,
                            committed.keySet().stream()
                                    .collect(
                                            Collectors.toMap(
                                                    partition -> partition,
                                                    partition -> new OffsetAndMetadata(0))))
                    .all()
                    .get();
        }
    }

    private List<String> told(String member) {
        Answer told = claim(member);
        return List.of(told.get("serial"), told.get("couponCode"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasRecordedAfterTheBackupComesBack(boolean redisIsLost) throws Exception {
        if (redisIsLost) {
            loseRedis();
        }
        goBackInKafka();
        service = start();

        await().atMost(SOON).until(() -> rows() == 10);
        winners.forEach((member, answer) ->
                assertThat(told(member))
                        .containsExactly(answer.get("serial"), answer.get("couponCode")));
        win(11, COUPONS);
        assertThat(claim("late").get("code")).isEqualTo("sold-out");
        await().atMost(SOON).until(() -> rows() == COUPONS);
        assertThat(winners.values().stream().map(answer -> answer.get("serial")))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, COUPONS).mapToObj(Integer::toString).toList());
    }

    /** The control: the group has read the records already, and Redis cannot tell either. */
    @Test
    void withoutGoingBackInKafkaWinnersAreLost() {
        loseRedis();
        service = start();

        Answer again = claim("m6");
        assertThat(again.status()).as("he wins once more").isEqualTo(201);
        assertThat(winners.values().stream().map(answer -> answer.get("couponCode")))
                .doesNotContain(again.get("couponCode"));
    }
}
