package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Http.Answer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** More coupons, or fewer, each time it is asked for exactly once. */
@IntegrationTest
class StockAdjustmentIT {

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    @Autowired private PlatformTransactionManager transactions;

    private final String campaign = Campaigns.newId().value();
    private Http http = new Http(0);

    @BeforeEach
    void openACampaignOfThree() {
        http = new Http(port);
        http.open(campaign, 3);
    }

    private static void isProblem(Answer answer, int status, String code) {
        assertThat(answer.get("code")).as(answer.response().body()).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
    }

    private long remaining() {
        return http.view(campaign).json().path("remaining").asLong();
    }

    @Test
    void theStockGrowsAndSinksAtOnce() {
        Answer more = http.adjust(campaign, "a", 4);
        assertThat(more.status()).isEqualTo(200);
        assertThat(more.json().path("quantity").asLong()).isEqualTo(7);
        assertThat(more.header("ETag")).isEqualTo("\"3\"");
        assertThat(remaining()).isEqualTo(7);

        Answer fewer = http.adjust(campaign, "b", -5);
        assertThat(fewer.json().path("quantity").asLong()).isEqualTo(2);
        assertThat(remaining()).isEqualTo(2);
    }

    @Test
    void whatIsIssuedIsNeverTakenAway() {
        http.claim(campaign, "ann");
        http.claim(campaign, "bob");

        isProblem(http.adjust(campaign, "a", -2), 409, "stock-below-issued");
        assertThat(remaining()).isEqualTo(1);
        assertThat(http.adjust(campaign, "a", -1).status()).isEqualTo(200);
        isProblem(http.claim(campaign, "cid"), 409, "sold-out");
        assertThat(http.adjust(campaign, "b", 1).status()).isEqualTo(200);
        assertThat(http.claim(campaign, "cid").status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, -1})
    void askedTwiceWithTheSameKeyItIsDoneOnce(long delta) {
        Answer first = http.adjust(campaign, "a", delta);
        http.adjust(campaign, "b", 10);

        Answer second = http.adjust(campaign, "a", delta);

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.response().body()).isEqualTo(first.response().body());
        assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(remaining()).isEqualTo(3 + delta + 10);
        isProblem(http.adjust(campaign, "a", 2 * delta), 422, "idempotency-key-reused");
        assertThat(remaining()).isEqualTo(3 + delta + 10);
    }

    @Test
    void aKeyBelongsToItsCampaign() {
        String other = Campaigns.newId().value();
        http.open(other, 1);
        assertThat(http.adjust(campaign, "a", 1).status()).isEqualTo(200);
        assertThat(http.adjust(other, "a", 5).status()).isEqualTo(200);
    }

    @Test
    void whileOneIsBeingCarriedOutAnotherOfItsKeyIsNotStarted() {
        new TransactionTemplate(transactions)
                .executeWithoutResult(status -> {
                    // As a request that is under way holds it.
                    jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))::text")
                            .param("key", campaign + " a")
                            .query(String.class)
                            .single();
                    isProblem(http.adjust(campaign, "a", 1), 409, "idempotency-key-in-flight");
                    assertThat(http.adjust(campaign, "b", 1).status()).isEqualTo(200);
                });
        assertThat(http.adjust(campaign, "a", 1).status()).isEqualTo(200);
        assertThat(remaining()).isEqualTo(5);
    }

    @Test
    void aHundredAtOnceWithTheSameKeyAreOne() {
        List<Answer> answers =
                IntStream.range(0, 100)
                        .parallel()
                        .mapToObj(number -> http.adjust(campaign, "a", 1))
                        .toList();

        assertThat(answers).extracting(Answer::status).containsOnly(200, 409).contains(200);
        assertThat(remaining()).isEqualTo(4);
    }

    @Test
    void anAdjustmentNeedsAKey() {
        isProblem(
                http.admin(
                        "POST",
                        "/campaigns/" + campaign + "/stock-adjustments",
                        "{\"delta\":1,\"reason\":\"A test\"}"),
                400,
                "idempotency-key-required");
        isProblem(http.adjust(campaign, "a b", 1), 400, "invalid-request");
        isProblem(http.adjust(campaign, "x".repeat(129), 1), 400, "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"delta\":0,\"reason\":\"r\"}",
                "{\"delta\":1}",
                "{\"reason\":\"r\"}",
                "{\"delta\":1,\"reason\":\"\"}",
                "{\"delta\":1,\"reason\":\"half \\ud800\"}",
                "{\"delta\":1.5,\"reason\":\"r\"}",
                "{\"delta\":\"much\",\"reason\":\"r\"}",
                "{\"delta\":-3,\"reason\":\"r\"}",
                "{\"delta\":1000000000,\"reason\":\"r\"}",
                "{\"delta\":9223372036854775807,\"reason\":\"r\"}",
                "{\"delta\":-9223372036854775808,\"reason\":\"r\"}",
                "{\"delta\":99999999999999999999,\"reason\":\"r\"}"
            })
    void anAdjustmentThatMakesNoSenseIsRefused(String body) {
        isProblem(
                http.admin(
                        "POST",
                        "/campaigns/" + campaign + "/stock-adjustments",
                        body,
                        "Idempotency-Key",
                        "a"),
                400,
                "invalid-request");
        assertThat(remaining()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"close, not-editable", "archive, not-editable"})
    void whatIsOverIsNotAdjusted(String step, String code) {
        http.step(campaign, "close");
        http.step(campaign, step);

        isProblem(http.adjust(campaign, "a", 1), 409, code);
        isProblem(http.adjust("no-such-campaign", "a", 1), 404, "unknown-campaign");
    }

    @Test
    void aDraftIsAdjustedTooWithoutRedis() {
        String draft = Campaigns.newId().value();
        http.create(draft, 3, "");
        assertThat(http.adjust(draft, "a", -1).json().path("quantity").asLong()).isEqualTo(2);
        http.step(draft, "open");
        assertThat(http.view(draft).json().path("remaining").asLong()).isEqualTo(2);
    }
}
