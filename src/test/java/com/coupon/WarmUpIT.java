package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.servers.RunningServers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** A process practises before it is ready, and nothing is left of it. */
@ExtendWith(OutputCaptureExtension.class)
class WarmUpIT {

    private static final int CLAIMS = 2_000;

    private static ConfigurableApplicationContext start(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("coupon.security.identity", "header");
        properties.putAll(more);
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles("api");
        // before the system properties, which switch it off for all tests
        return application.run(
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    private static Set<String> rehearsals() {
        try (var redis = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
            return redis.keys("*rehearsal*");
        }
    }

    @Test
    void itAnswersClaimsOfItsOwnAndLeavesNoTrace() {
        try (var context =
                start(Map.of("coupon.issuance.warm-up.claims", Integer.toString(CLAIMS)))) {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.get("coupon.claims").timers().stream().mapToLong(Timer::count).sum())
                    .isBetween(CLAIMS * 95L / 100, (long) CLAIMS);
            assertThat(meters.get("coupon.claims").tag("outcome", "issued").timer().count())
                    .as("what is won would be published")
                    .isZero();
            assertThat(meters.get("coupon.claims").tag("outcome", "sold-out").timer().count())
                    .isPositive();
            assertThat(meters.get("coupon.claims").tag("outcome", "already-issued").timer().count())
                    .isPositive();
            assertThat(meters.get("coupon.claims").tag("outcome", "paused").timer().count())
                    .isPositive();
            assertThat(rehearsals()).isEmpty();
        }
    }

    /** The first winner must not wait for that. */
    @Test
    void kafkaIsKnownBeforeAnybodyHasWon() {
        try (var context = start(Map.of("coupon.issuance.warm-up.claims", "0"))) {
            assertThat(
                            context.getBean(MeterRegistry.class)
                                    .get("kafka.producer.connection.count")
                                    .gauge()
                                    .value())
                    .isPositive();
        }
    }

    @Test
    void withoutKafkaItGetsReadyAllTheSame(CapturedOutput output) {
        try (var context =
                start(
                        Map.of(
                                "coupon.issuance.warm-up.claims",
                                "0",
                                "spring.kafka.bootstrap-servers",
                                "127.0.0.1:1"))) {
            assertThat(context.getBean(ApplicationAvailability.class).getReadinessState())
                    .isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
            assertThat(output).contains("Kafka is not known yet");
        }
    }

    @Test
    void withoutRedisItGetsReadyAllTheSame(CapturedOutput output) {
        try (var context =
                start(
                        Map.of(
                                "coupon.issuance.warm-up.claims",
                                "100",
                                "coupon.redis.nodes",
                                "127.0.0.1:1"))) {
            assertThat(context.getBean(ApplicationAvailability.class).getReadinessState())
                    .isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
            assertThat(output).contains("This process is cold");
        }
    }

    @Test
    void itStopsInTimeWhateverHappens() {
        long start = System.nanoTime();
        try (var context =
                start(
                        Map.of(
                                "coupon.issuance.warm-up.claims",
                                "10000000",
                                "coupon.issuance.warm-up.at-most",
                                "500ms"))) {
            assertThat(context.isRunning()).isTrue();
            assertThat(System.nanoTime() - start).isLessThan(60_000_000_000L);
        }
        assertThat(rehearsals()).isEmpty();
    }
}
