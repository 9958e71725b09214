package com.coupon.issuance.adapter.in.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.Http;
import com.coupon.Http.Answer;
import com.coupon.IntegrationTest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * Claims that are answered in front of everything else hear the same as those that go Spring's way,
 * which is recognised by what they accept.
 */
@IntegrationTest
class ExpressLaneIT {

    private static final List<String> OF_THE_MOMENT =
            List.of(
                    "date",
                    "ratelimit",
                    "retry-after",
                    "transfer-encoding",
                    "content-length",
                    "connection");

    private static final List<String> SPRINGS_WAY =
            List.of("Accept", "application/json, application/problem+json");

    @LocalServerPort private int port;
    @Autowired private MeterRegistry meters;

    private final String campaign = Campaigns.newId().value();
    private Http http = new Http(0);

    @BeforeEach
    void connect() {
        http = new Http(port);
    }

    private Answer claim(String path, List<String> headers) {
        return http.call(
                "POST",
                "/api/v1/campaigns/" + path + "/claims",
                "",
                headers.toArray(String[]::new));
    }

    private Answer claimSpringsWay(String path, List<String> headers) {
        return claim(path, Stream.concat(headers.stream(), SPRINGS_WAY.stream()).toList());
    }

    private static Map<String, List<String>> headers(Answer answer) {
        Map<String, List<String>> headers = new TreeMap<>(answer.response().headers().map());
        headers.keySet().removeAll(OF_THE_MOMENT);
        return headers;
    }

    private static void areTheSame(Answer express, Answer springs) {
        assertThat(express.status()).isEqualTo(springs.status());
        assertThat(express.json()).isEqualTo(springs.json());
        assertThat(headers(express)).isEqualTo(headers(springs));
        for (String ofTheMoment : List.of("Retry-After", "RateLimit")) {
            assertThat(express.header(ofTheMoment).isEmpty())
                    .isEqualTo(springs.header(ofTheMoment).isEmpty());
        }
    }

    /** What a campaign may be like. */
    enum State {
        SOLD_OUT,
        WON_BY_ANN,
        REVOKED_FROM_ANN,
        SCHEDULED,
        PAUSED,
        CLOSED,
        FOR_OTHERS,
        DRAFT,
        UNKNOWN
    }

    private void prepare(State state) {
        String more =
                switch (state) {
                    case SCHEDULED -> ",\"opensAt\":\"2100-01-01T00:00:00Z\"";
                    case FOR_OTHERS -> ",\"eligibility\":\"ALLOW_LIST\"";
                    default -> "";
                };
        if (state == State.UNKNOWN) {
            return;
        }
        http.create(campaign, 1, more);
        switch (state) {
            case SOLD_OUT -> {
                http.step(campaign, "open");
                http.claim(campaign, "bob");
            }
            case WON_BY_ANN -> {
                http.step(campaign, "open");
                http.claim(campaign, "ann");
            }
            case REVOKED_FROM_ANN -> {
                http.step(campaign, "open");
                http.claim(campaign, "ann");
                await().until(() -> http.revoke(campaign, 1, true).status() == 200);
            }
            case FOR_OTHERS -> {
                http.adminCsv("PUT", "/campaigns/" + campaign + "/eligible-members", "cid\n");
                http.step(campaign, "open");
            }
            case SCHEDULED -> http.step(campaign, "open");
            case PAUSED, CLOSED -> {
                http.step(campaign, "open");
                http.step(campaign, state == State.PAUSED ? "pause" : "close");
            }
            case DRAFT, UNKNOWN -> {}
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyAnswerIsTheSame(State state) {
        prepare(state);
        for (String language : List.of("en", "ko")) {
            var member = List.of("X-User-Id", "ann", "Accept-Language", language);
            areTheSame(claim(campaign, member), claimSpringsWay(campaign, member));
        }
    }

    @Test
    void whoeverWinsHearsTheSame() {
        http.open(campaign, 2);
        Answer express = claim(campaign, List.of("X-User-Id", "ann"));
        Answer springs = claimSpringsWay(campaign, List.of("X-User-Id", "bob"));

        assertThat(List.of(express.status(), springs.status())).containsOnly(201);
        assertThat(headers(express)).isEqualTo(headers(springs));
        assertThat(express.json().propertyNames()).isEqualTo(springs.json().propertyNames());
        await().untilAsserted(() ->
                assertThat(timers("201"))
                        .as("both are counted under the same tags")
                        .singleElement()
                        .satisfies(timer -> assertThat(timer.count()).isGreaterThanOrEqualTo(2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "an n", "X-User-Id,ann,X-User-Id,bob"})
    void whoeverIsNotKnownIsTurnedAwayInTheSameWay(String user) {
        http.open(campaign, 1);
        List<String> identity =
                user.isEmpty()
                        ? List.of("X-Nobody", "x")
                        : user.contains(",")
                                ? Arrays.asList(user.split(",", -1))
                                : List.of("X-User-Id", user);
        areTheSame(claim(campaign, identity), claimSpringsWay(campaign, identity));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPPER", "-a", "a%20b", "a;b=c", "%61nn", "."})
    void aPathThatIsOutOfTheOrdinaryGoesSpringsWay(String path) {
        var member = List.of("X-User-Id", "ann");
        areTheSame(claim(path, member), claimSpringsWay(path, member));
    }

    @Test
    void requestsAreCountedAsSpringCountsThem() {
        http.open(campaign, 1);
        http.claim(campaign, "bob");
        long before = refusals();

        claim(campaign, List.of("X-User-Id", "ann"));
        await().until(() -> refusals() == before + 1);
        claimSpringsWay(campaign, List.of("X-User-Id", "ann"));
        await().until(() -> refusals() == before + 2);
    }

    /** Counted after the answer is sent. */
    private long refusals() {
        return timers("409").stream().mapToLong(Timer::count).sum();
    }

    private Collection<Timer> timers(String status) {
        return meters.find("http.server.requests")
                .tag("uri", "/api/v1/campaigns/{campaign}/claims")
                .tag("status", status)
                .timers();
    }

    @Test
    void aBodyIsRefusedInTheSameWay() {
        http.open(campaign, 1);
        assertThat(http.claimWithBody(campaign, "ann", "{}").get("code"))
                .isEqualTo("body-not-allowed");
    }
}
