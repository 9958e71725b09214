package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Http.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A campaign that is sold out, which the node answers from memory, and what ends that. */
@IntegrationTest
class SoldOutIT {

    @LocalServerPort private int port;
    @Autowired private MeterRegistry meters;
    @Autowired private JdbcClient jdbc;

    private final String campaign = Campaigns.newId().value();
    private Http http = new Http(0);

    @BeforeEach
    void sellOut() {
        http = new Http(port);
        http.open(campaign, 1);
        assertThat(http.claim(campaign, "ann").status()).isEqualTo(201);
        await().until(() ->
                jdbc.sql("SELECT count(*) FROM coupon_issuances WHERE campaign_id = ?")
                                .param(campaign)
                                .query(Integer.class)
                                .single()
                        == 1);
        await().until(this::isAnsweredFromMemory);
    }

    private double batches() {
        return meters.get("coupon.claims.batch.size").summary().count();
    }

    private boolean isAnsweredFromMemory() {
        http.claim(campaign, "somebody"); // who may have to renew the lease
        double before = batches();
        http.claim(campaign, "somebody");
        return batches() == before;
    }

    private static void isProblem(Answer answer, String code) {
        assertThat(answer.get("code")).as(answer.response().body()).isEqualTo(code);
    }

    @Test
    void losingCostsRedisNothing() {
        double before = batches();
        for (int i = 0; i < 500; i++) {
            isProblem(http.claim(campaign, "loser-" + i), "sold-out");
        }
        assertThat(batches() - before).as("renewals").isLessThan(100);
        assertThat(http.claim(campaign, "ann").get("status")).isEqualTo("ALREADY_ISSUED");
        assertThat(http.find(campaign, "ann").get("status")).isEqualTo("ALREADY_ISSUED");
        isProblem(http.find(campaign, "bob"), "no-claim");
    }

    @Test
    void whatIsAddedIsToBeHadOnceTheOperatorHasHeardSo() {
        assertThat(http.adjust(campaign, "more", 1).status()).isEqualTo(200);
        assertThat(http.claim(campaign, "bob").status()).isEqualTo(201);
        isProblem(http.claim(campaign, "cid"), "sold-out");
    }

    @Test
    void nothingIsRememberedOfWhatIsPausedOrClosed() {
        assertThat(http.step(campaign, "pause").status()).isEqualTo(200);
        isProblem(http.claim(campaign, "bob"), "paused");
        assertThat(http.step(campaign, "resume").status()).isEqualTo(200);
        isProblem(http.claim(campaign, "bob"), "sold-out");
        assertThat(http.step(campaign, "close").status()).isEqualTo(200);
        isProblem(http.claim(campaign, "bob"), "closed");
        assertThat(http.claim(campaign, "ann").get("status")).isEqualTo("ALREADY_ISSUED");
    }

    @Test
    void whoHasLostHisCouponHearsSoOnceTheOperatorHasHeardIt() {
        assertThat(http.revoke(campaign, 1, true).status()).isEqualTo(200);
        isProblem(http.claim(campaign, "ann"), "revoked");
        isProblem(http.find(campaign, "ann"), "revoked");
        assertThat(http.claim(campaign, "bob").status()).isEqualTo(201);
    }
}
