package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Http.Answer;
import com.coupon.crowd.Crowd;
import com.coupon.crowd.LedgerCheck;
import com.coupon.crowd.Tally;
import com.coupon.servers.RunningServers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** The way of a coupon, from the claim over HTTP to the row in PostgreSQL. */
@IntegrationTest
class FromClaimToLedgerIT {

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;

    private final String campaign = Campaigns.newId().value();
    private Http http = new Http(0);

    @BeforeEach
    void connect() {
        http = new Http(port);
    }

    @Test
    void aClaimIsAnsweredAtOnceAndRecordedSoon() {
        http.open(campaign, 2);

        Answer issued = http.claim(campaign, "ann");

        assertThat(issued.status()).isEqualTo(201);
        assertThat(issued.header("Location"))
                .isEqualTo("/api/v1/campaigns/" + campaign + "/claims/me");
        assertThat(issued.header("Cache-Control")).isEqualTo("no-store");
        assertThat(issued.get("status")).isEqualTo("ISSUED");
        assertThat(issued.get("memberId")).isEqualTo("ann");
        assertThat(issued.json().path("serial").asLong()).isEqualTo(1);
        assertThat(issued.get("couponCode")).matches("[0-9a-f]{20}");
        assertThat(Instant.parse(issued.get("issuedAt"))).isBefore(Instant.now().plusSeconds(60));

        await().atMost(Duration.ofSeconds(20)).until(() -> rows() == 1);
        assertThat(
                        jdbc.sql("SELECT code FROM coupon_issuances WHERE campaign_id = ?")
                                .param(campaign)
                                .query(String.class)
                                .single())
                .isEqualTo(issued.get("couponCode"));
        try (Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> redis.xlen("coupon:{" + campaign + "}:outbox") == 0);
        }
    }

    private long rows() {
        return jdbc.sql("SELECT count(*) FROM coupon_issuances WHERE campaign_id = ?")
                .param(campaign)
                .query(Long.class)
                .single();
    }

    @Test
    void askingAgainGivesTheSameCouponAlsoAfterSellOut() {
        http.open(campaign, 1);
        Answer issued = http.claim(campaign, "ann");

        assertThat(http.claim(campaign, "bob").get("code")).isEqualTo("sold-out");
        for (Answer again : List.of(http.claim(campaign, "ann"), http.find(campaign, "ann"))) {
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.get("status")).isEqualTo("ALREADY_ISSUED");
            assertThat(again.get("couponCode")).isEqualTo(issued.get("couponCode"));
            assertThat(again.get("serial")).isEqualTo(issued.get("serial"));
        }
        assertThat(http.find(campaign, "bob").get("code")).isEqualTo("no-claim");
    }

    @Test
    void thePublicSeesWhatIsLeft() {
        http.open(campaign, 2);
        http.claim(campaign, "ann");

        Answer view = http.view(campaign);

        assertThat(view.status()).isEqualTo(200);
        assertThat(view.get("state")).isEqualTo("OPEN");
        assertThat(view.json().path("quantity").asLong()).isEqualTo(2);
        assertThat(view.json().path("remaining").asLong()).isEqualTo(1);
        assertThat(view.header("Cache-Control")).contains("max-age=1");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> seenAgain(http.view(campaign).header("ETag")) == 304);
        // The clock goes on, although nothing else has changed.
        await().atMost(Duration.ofSeconds(10)).until(() -> seenAgain(view.header("ETag")) == 200);
    }

    private int seenAgain(String etag) {
        return http.call("GET", "/api/v1/campaigns/" + campaign, "", "If-None-Match", etag)
                .status();
    }

    @Test
    void aDraftIsForOperatorsAlone() {
        assertThat(http.view(campaign).get("code")).isEqualTo("unknown-campaign");
        Answer created =
                http.admin(
                        "POST",
                        "/campaigns",
                        """
                        {"id":"%s","name":"A draft","quantity":5,"opensAt":"2099-01-01T00:00:00Z",
                         "closesAt":"2099-01-02T00:00:00Z","coupon":{"title":"T","discount":"D"}}\
                        """
                                .formatted(campaign));
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).endsWith("/admin/campaigns/" + campaign);
        assertThat(http.claim(campaign, "ann").get("code")).isEqualTo("unknown-campaign");
        assertThat(http.admin("GET", "/campaigns/" + campaign, "").get("state")).isEqualTo("DRAFT");
        assertThat(
                        http.admin(
                                        "POST",
                                        "/campaigns",
                                        created.response().body().replace("\"version\"", "\"v\""))
                                .status())
                .isBetween(400, 409);

        assertThat(http.admin("POST", "/campaigns/" + campaign + "/open", "").get("state"))
                .isEqualTo("PUBLISHED");
        assertThat(http.admin("POST", "/campaigns/" + campaign + "/open", "").status())
                .isEqualTo(200);
        Answer tooEarly = http.claim(campaign, "ann");
        assertThat(tooEarly.status()).isEqualTo(409);
        assertThat(tooEarly.get("code")).isEqualTo("not-open-yet");
        assertThat(tooEarly.get("opensAt")).isEqualTo("2099-01-01T00:00:00Z");
        assertThat(Instant.now().plusSeconds(Long.parseLong(tooEarly.header("Retry-After"))))
                .isBetween(
                        Instant.parse("2098-12-31T23:59:00Z"),
                        Instant.parse("2099-01-01T00:01:00Z"));
        assertThat(http.view(campaign).get("state")).isEqualTo("SCHEDULED");
    }

    @Test
    void theLedgerIsListedPageByPage() {
        http.open(campaign, 3);
        for (String member : new String[] {"ann", "bob", "cid"}) {
            http.claim(campaign, member);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> rows() == 3);

        Answer first = http.admin("GET", "/campaigns/" + campaign + "/issuances?limit=2", "");
        assertThat(first.json().path("items").size()).isEqualTo(2);
        Answer second =
                http.admin(
                        "GET",
                        "/campaigns/" + campaign + "/issuances?limit=2&after=" + first.get("next"),
                        "");
        assertThat(second.json().path("items").get(0).path("memberId").asString()).isEqualTo("cid");
        assertThat(second.json().path("next").isNull()).isTrue();
        assertThat(first.response().body()).doesNotContain("code");
    }

    @Test
    void aCrowdOfTwentyThousandGetsATallyThatIsExact() throws InterruptedException {
        http.open(campaign, 1_000);
        URI url = URI.create("http://localhost:" + port);

        Tally tally =
                new Crowd(url, campaign, 20_000, 64, Duration.ofMinutes(5), answered -> {}).run();

        assertThat(LedgerCheck.of(tally, url, campaign, 1_000, Duration.ofSeconds(60)))
                .isNotEmpty()
                .allSatisfy(check -> assertThat(check.holds()).as(check.sentence()).isTrue());
        assertThat(tally.told(Tally.SOLD_OUT)).isEqualTo(19_000);
    }
}
