package com.coupon.examples.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Campaigns;
import com.coupon.Http;
import com.coupon.Http.Answer;
import com.coupon.IntegrationTest;
import com.coupon.examples.client.AnswerRelay.Fate;
import com.coupon.examples.client.ClaimClient.Caller;
import com.coupon.servers.RedisProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The server has decided, and its answer gets lost on the way. */
@IntegrationTest
class BrokenConnectionIT {

    private static final Caller ANN = new Caller("X-User-Id", "ann");

    /** Short, as it is waited for. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

    /** A connection that nobody gives up lasts longer. */
    private static final Duration FAR_TOO_LONG = Duration.ofSeconds(15);

    @LocalServerPort private int port;

    private final String campaign = Campaigns.newId().value();
    private final SkippedTime time = new SkippedTime();
    private final HttpClient connections = ClaimClient.http();
    private Http http = new Http(0);
    private AnswerRelay relay;

    @BeforeEach
    void open() {
        http = new Http(port);
        http.open(campaign, 2);
        relay = new AnswerRelay(port);
    }

    @AfterEach
    void close() {
        relay.close();
        connections.shutdownNow();
    }

    private ClaimClient client(int port, int attempts) {
        var policy =
                new RetryPolicy(
                        attempts,
                        Duration.ofMinutes(10),
                        ANSWER_WITHIN,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10));
        return new ClaimClient(
                connections,
                URI.create("http://127.0.0.1:" + port),
                policy,
                new RetryBudget(10, 10),
                time,
                new Random(1));
    }

    private Answer asked() {
        return http.find(campaign, "ann");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PASSES")
    void theRepeatTellsOfTheSameCoupon(Fate fate) throws InterruptedException {
        relay.next(fate);
        long start = System.nanoTime();

        ClaimAnswer answer = client(relay.port(), 10).claim(campaign, ANN);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(FAR_TOO_LONG);
        String code = asked().get("couponCode");
        assertThat(relay.spoilt()).startsWith("HTTP/1.1 201").contains(code);
        assertThat(answer).isEqualTo(new ClaimAnswer.Won("ALREADY_ISSUED", 1, code));
        assertThat(time.waits()).isNotEmpty();
        assertThat(relay.answers()).isEqualTo(time.waits().size() + 1);
        assertThat(http.claim(campaign, "bob").json().path("serial").asLong())
                .as("one coupon went to ann")
                .isEqualTo(2);
    }

    /** The control: whoever hears the first answer does not ask again. */
    @Test
    void whereNothingBreaksTheClaimIsMadeOnce() throws InterruptedException {
        ClaimAnswer answer = client(relay.port(), 10).claim(campaign, ANN);

        assertThat(answer).isEqualTo(new ClaimAnswer.Won("ISSUED", 1, asked().get("couponCode")));
        assertThat(time.waits()).isEmpty();
        assertThat(relay.answers()).isEqualTo(1);
    }

    /** The control: it is the repeat that makes it known. */
    @Test
    void whoeverDoesNotRepeatDoesNotKnowWhatHeHas() throws InterruptedException {
        relay.next(Fate.IS_CUT_OFF);

        ClaimAnswer answer = client(relay.port(), 1).claim(campaign, ANN);

        assertThat(answer).isInstanceOf(ClaimAnswer.Unknown.class);
        assertThat(((ClaimAnswer.Unknown) answer).last()).isEqualTo("no-answer");
        assertThat(asked().get("status")).isEqualTo("ALREADY_ISSUED");
    }

    @Test
    void whereNobodyListensTheClientGivesUpInTheEnd() throws InterruptedException {
        ClaimAnswer answer = client(RedisProcess.freePort(), 4).claim(campaign, ANN);

        assertThat(answer).isInstanceOf(ClaimAnswer.Unknown.class);
        assertThat(time.waits()).hasSize(3);
        assertThat(asked().get("code")).isEqualTo("no-claim");
    }
}
