package com.coupon.issuance.adapter.in.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.Http;
import com.coupon.IntegrationTest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** A claim whose time is over while its answer is being written. */
@IntegrationTest
@TestPropertySource(properties = "coupon.issuance.claims.answer-within=100ms")
class LateAnswerIT {

    /** Tomcat looks once a second for requests whose time is over. */
    private static final Duration LONGER_THAN_TOMCAT_WAITS = Duration.ofSeconds(3);

    @LocalServerPort private int port;
    @Autowired private SlowWriter writer;

    @Test
    void isToldWhole() {
        var http = new Http(port);
        String campaign = Campaigns.newId().value();
        http.create(campaign, 2, "");
        http.step(campaign, "open");

        var answer =
                CompletableFuture.supplyAsync(() -> http.claim(campaign, "ann"))
                        .orTimeout(1, TimeUnit.MINUTES);
        await().until(() -> writer.isWriting.getCount() == 0);
        await().during(LONGER_THAN_TOMCAT_WAITS)
                .atMost(LONGER_THAN_TOMCAT_WAITS.multipliedBy(2))
                .until(() -> !answer.isDone());
        writer.mayGoOn.countDown();

        assertThat(answer.join().status()).isEqualTo(201);
        assertThat(answer.join().get("status")).isEqualTo("ISSUED");
        assertThat(http.claim(campaign, "bob").status()).isEqualTo(201);
    }

    @TestConfiguration
    static class Slow {

        @Bean
        SlowWriter slowWriter() {
            return new SlowWriter();
        }

        @Bean
        JacksonModule slowAnswers(SlowWriter writer) {
            return new SimpleModule().addSerializer(writer);
        }
    }

    /** Writes what winners hear, and stops in the middle of it. */
    static final class SlowWriter extends StdSerializer<ClaimAnswer.ClaimBody> {

        private final CountDownLatch isWriting = new CountDownLatch(1);
        private final CountDownLatch mayGoOn = new CountDownLatch(1);

        SlowWriter() {
            super(ClaimAnswer.ClaimBody.class);
        }

        @Override
        public void serialize(
                ClaimAnswer.ClaimBody body, JsonGenerator json, SerializationContext context) {
            json.writeStartObject();
            json.writeStringProperty("status", body.status());
            isWriting.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            json.writeEndObject();
        }
    }
}
