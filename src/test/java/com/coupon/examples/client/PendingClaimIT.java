package com.coupon.examples.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Campaigns;
import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.examples.client.ClaimClient.Caller;
import com.coupon.servers.PostgresProcess;
import com.coupon.servers.RedisProcess;
import com.coupon.servers.RunningServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import redis.clients.jedis.Jedis;

/** The replica that is awaited stands still, so that winners hear 202 PENDING. */
class PendingClaimIT {

    private static final Caller ANN = new Caller("X-User-Id", "ann");

    @TempDir static Path folder;

    private static RedisProcess primary;
    private static RedisProcess replica;
    private static PostgresProcess postgres;
    private static ConfigurableApplicationContext service;

    private final String campaign = Campaigns.newId().value();
    private final HttpClient connections = ClaimClient.http();
    private final Queue<Runnable> meanwhile = new ArrayDeque<>();
    private final SkippedTime time =
            new SkippedTime() {
                @Override
                public void sleep(Duration wait) {
                    super.sleep(wait);
                    Runnable next = meanwhile.poll();
                    if (next != null) {
                        next.run();
                    }
                }
            };

    private long claimsBefore;
    private long questionsBefore;

    @BeforeAll
    static void start() {
        // First of all: PostgreSQL is unpacked once, and the folder of this test is not kept
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        primary = RedisProcess.start(folder);
        replica = RedisProcess.start(folder, "replicaof 127.0.0.1 " + primary.address().getPort());
        postgres = new PostgresProcess(folder);
        properties.put("coupon.redis.nodes", primary.address().toString());
        properties.put("coupon.redis.replicas-to-await", "1");
        properties.put("spring.datasource.url", postgres.jdbcUrl());
        properties.put("coupon.kafka.topic", "pending-" + UUID.randomUUID());
        properties.put("coupon.security.identity", "header");
        properties.put("coupon.web.rate-limits.member.enabled", "false");
        properties.put("coupon.issuance.warm-up.claims", "0");
        properties.put("coupon.reconciliation.scheduled", "false");
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        service =
                new SpringApplicationBuilder(CouponApplication.class)
                        .profiles("api", "consumer")
                        .run(
                                properties.entrySet().stream()
                                        .map(one -> "--" + one.getKey() + "=" + one.getValue())
                                        .toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        try (var _ = primary;
                var _ = replica;
                var _ = postgres) {
            service.close();
        }
    }

    private static int port() {
        return service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static ClaimRequests requests() {
        return new ClaimRequests(service.getBean(MeterRegistry.class));
    }

    @BeforeEach
    void openAndHoldTheReplica() {
        var http = new Http(port());
        http.open(campaign, 10);
        assertThat(http.view(campaign).get("state")).isEqualTo("OPEN");
        claimsBefore = requests().claims();
        questionsBefore = requests().questions();
        replica.signals().freeze();
    }

    @AfterEach
    void letTheReplicaGoOn() {
        replica.signals().thaw();
        connections.shutdownNow();
    }

    private ClaimAnswer claim(int attempts) throws InterruptedException {
        var policy =
                new RetryPolicy(
                        attempts,
                        Duration.ofHours(1),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10));
        return new ClaimClient(
                        connections,
                        URI.create("http://127.0.0.1:" + port()),
                        policy,
                        new RetryBudget(0, 100),
                        time,
                        new Random(1))
                .claim(campaign, ANN);
    }

    @Test
    void whatIsPendingIsAskedForUntilItIsConfirmed() throws InterruptedException {
        meanwhile.addAll(List.of(() -> {}, () -> replica.signals().thaw()));

        ClaimAnswer answer = claim(30);

        assertThat(answer).isInstanceOf(ClaimAnswer.Won.class);
        assertThat(((ClaimAnswer.Won) answer).status()).isEqualTo("ALREADY_ISSUED");
        assertThat(((ClaimAnswer.Won) answer).serial()).isEqualTo(1);
        assertThat(time.waits())
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(wait -> wait.compareTo(Duration.ofSeconds(1)) >= 0);
        assertThat(requests().claims() - claimsBefore).isEqualTo(1);
    }

    /** It is taken out of Redis by hand here, as by a failover that loses it. */
    @Test
    void whereTheDecisionIsLostTheMemberClaimsAgain() throws InterruptedException {
        meanwhile.add(() -> {
            try (Jedis redis = primary.connect()) {
                assertThat(redis.hdel("coupon:{" + campaign + "}:participants", "ann"))
                        .isEqualTo(1);
            }
            replica.signals().thaw();
        });

        ClaimAnswer answer = claim(30);

        assertThat(answer).isInstanceOf(ClaimAnswer.Won.class);
        assertThat(((ClaimAnswer.Won) answer).serial()).as("a new one").isEqualTo(2);
        assertThat(requests().claims() - claimsBefore).isGreaterThanOrEqualTo(2);
    }

    @Test
    void whatStaysPendingIsNoYes() throws InterruptedException {
        ClaimAnswer answer = claim(3);

        assertThat(answer).isInstanceOf(ClaimAnswer.Unknown.class);
        assertThat(((ClaimAnswer.Unknown) answer).last()).isEqualTo("pending");
        assertThat(requests().questions() - questionsBefore).isLessThanOrEqualTo(2);
    }
}
