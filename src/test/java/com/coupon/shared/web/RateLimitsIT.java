package com.coupon.shared.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.Http.Answer;
import com.coupon.IntegrationTest;
import com.coupon.servers.RunningServers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;

/**
 * What is too much is turned away, over HTTP. Nothing flows back while these tests run, and each
 * comes from an address of its own.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "coupon.security.identity=header",
            "coupon.web.trusted-proxies=127.0.0.0/8,::1",
            "coupon.web.rate-limits.member.capacity=3",
            "coupon.web.rate-limits.member.refill=1",
            "coupon.web.rate-limits.member.period=1h",
            "coupon.web.rate-limits.address.capacity=4",
            "coupon.web.rate-limits.address.refill=1",
            "coupon.web.rate-limits.address.period=1h"
        })
@ActiveProfiles({"api", "consumer"})
@ContextConfiguration(initializers = IntegrationTest.OnRunningServers.class)
@Import(OperatorProbe.class)
@DirtiesContext
class RateLimitsIT {

    private static final String CAMPAIGN = "limited";
    private static final String CLAIMS = "/api/v1/campaigns/" + CAMPAIGN + "/claims";
    private static final String VIEW = "/api/v1/campaigns/" + CAMPAIGN;
    private static final String ADMIN = "/api/v1/admin/campaigns/" + CAMPAIGN;

    @LocalServerPort private int port;
    @Autowired private MeterRegistry meters;

    private Http http = new Http(0);

    @BeforeEach
    void openACampaign() {
        http = new Http(port);
        http.open(CAMPAIGN, 1000);
    }

    private static String member() {
        return "m" + UUID.randomUUID();
    }

    private Answer from(String address, String method, String path, String... headers) {
        return http.call(
                method,
                path,
                "",
                Stream.concat(Stream.of("X-Forwarded-For", address), Stream.of(headers))
                        .toArray(String[]::new));
    }

    private long claimsThatWereDecided() {
        return meters.find("coupon.claims").timers().stream().mapToLong(Timer::count).sum();
    }

    private static void isTooMuch(Answer answer, String policy) {
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.get("code")).isEqualTo("rate-limited");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("RateLimit")).startsWith("\"" + policy + "\";r=0;t=");
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(3_500, 3_600);
    }

    @Test
    void aMemberWhoAsksTooOftenIsTurnedAwayBeforeAnythingIsSpentOnIt() {
        String member = member();
        Answer first = http.claim(CAMPAIGN, member);
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("RateLimit-Policy")).isEqualTo("\"member\";q=3;w=10800");
        assertThat(first.header("RateLimit")).isEqualTo("\"member\";r=2;t=3600");
        assertThat(http.find(CAMPAIGN, member).header("RateLimit")).startsWith("\"member\";r=1;t=");
        assertThat(http.claim("no-such", member).header("RateLimit")).startsWith("\"member\";r=0;");

        long decided = claimsThatWereDecided();
        for (int i = 0; i < 20; i++) {
            isTooMuch(http.claim(CAMPAIGN, member), "member");
            isTooMuch(http.find(CAMPAIGN, member), "member");
        }
        assertThat(claimsThatWereDecided()).as("nothing was decided").isEqualTo(decided);

        assertThat(http.claim(CAMPAIGN, member()).status()).as("others go on").isEqualTo(201);
        assertThat(claimsThatWereDecided()).isEqualTo(decided + 1);
    }

    @Test
    void aRefusalIsSaidInTheCallersLanguage() {
        String member = member();
        for (int i = 0; i < 3; i++) {
            http.claim(CAMPAIGN, member);
        }
        Answer refused =
                http.call("POST", CLAIMS, "", "X-User-Id", member, "Accept-Language", "ko");

        assertThat(refused.header("Content-Language")).isEqualTo("ko");
        assertThat(refused.get("title")).startsWith("요청이 너무 많습니다.");
        assertThat(refused.get("instance")).isEqualTo(CLAIMS);
    }

    @Test
    void anotherWayToWriteThePathIsNotAWayAround() {
        String member = member();
        for (int i = 0; i < 3; i++) {
            http.claim(CAMPAIGN, member);
        }
        for (String path :
                new String[] {
                    "/api/v1/campaigns/limited/%63laims",
                    "/%61pi/v1/campaigns/limited/claims",
                    "/api/v1/campaigns/limited/claims;x=y",
                    "/api/v1/campaigns/limited;x=y/claims",
                    "//api/v1/campaigns/limited/claims",
                    "/api/v1/campaigns/limited/claims/",
                    "/api/v1/campaigns/limited//claims"
                }) {
            assertThat(http.call("POST", path, "", "X-User-Id", member).status())
                    .as(path)
                    .isIn(400, 404, 429);
        }
    }

    @Test
    void thePublicViewIsLimitedByAddress() {
        for (int i = 3; i >= 0; i--) {
            Answer answer = from("198.51.100.1", "GET", VIEW);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("RateLimit")).startsWith("\"address\";r=" + i + ";t=");
        }
        isTooMuch(from("198.51.100.1", "GET", VIEW), "address");
        isTooMuch(from("198.51.100.1", "GET", VIEW + "/events"), "address");
        isTooMuch(from("1.1.1.1, 198.51.100.1", "GET", VIEW), "address");
        assertThat(from("198.51.100.2", "GET", VIEW).status()).isEqualTo(200);
    }

    @Test
    void aNetworkOfVersionSixIsOneAddress() {
        for (int i = 0; i < 4; i++) {
            from("2001:db8:1:2::" + i, "GET", VIEW);
        }
        isTooMuch(from("2001:db8:1:2:ffff::1", "GET", VIEW), "address");
        assertThat(from("2001:db8:1:3::1", "GET", VIEW).status()).isEqualTo(200);
    }

    @Test
    void whoeverIsNotKnownIsLimitedByAddressAndWhoeverIsKnownDoesNotSufferForIt() {
        String address = "198.51.100.3";
        assertThat(from(address, "POST", CLAIMS).status()).isEqualTo(401);
        assertThat(from(address, "GET", ADMIN).status()).isEqualTo(401);
        assertThat(from(address, "GET", "/no-such-route").status()).isEqualTo(404);
        assertThat(from(address, "POST", CLAIMS, "X-User-Id", "a b").status()).isEqualTo(400);

        isTooMuch(from(address, "POST", CLAIMS), "address");
        isTooMuch(from(address, "GET", ADMIN), "address");
        isTooMuch(from(address, "GET", "/no-such-route"), "address");
        isTooMuch(from(address, "POST", CLAIMS, "X-User-Id", "a b"), "address");

        assertThat(from(address, "POST", CLAIMS, "X-User-Id", member()).status()).isEqualTo(201);
        Answer admin =
                from(address, "GET", ADMIN, "X-User-Id", "ops", "X-User-Scopes", "coupon.admin");
        assertThat(admin.status()).isEqualTo(200);
        assertThat(admin.header(OperatorProbe.HEADER))
                .as("as whom they are known")
                .isEqualTo("ops");
    }

    @Test
    void whoeverIsNoOperatorIsLimitedByAddressInTheAdminApi() {
        String address = "198.51.100.4";
        for (int i = 0; i < 4; i++) {
            assertThat(from(address, "GET", ADMIN, "X-User-Id", "ann").status()).isEqualTo(403);
        }
        isTooMuch(from(address, "GET", ADMIN, "X-User-Id", "ann"), "address");
    }

    @Test
    void twoMembersInOneRequestAreOneTooMany() {
        Answer answer = http.call("POST", CLAIMS, "", "X-User-Id", "ann", "X-User-Id", "bob");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.get("detail")).isEqualTo("The header X-User-Id is there more than once.");
        assertThat(http.call("GET", ADMIN, "", "X-User-Id", "ann", "X-User-Id", "ops").status())
                .isEqualTo(400);
    }

    private static void withLimits(Map<String, String> limits, Consumer<Http> test) {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("coupon.security.identity", "header");
        limits.forEach((name, value) -> properties.put("coupon.web.rate-limits." + name, value));
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles("api");
        try (var context =
                application.run(
                        properties.entrySet().stream()
                                .map(it -> "--" + it.getKey() + "=" + it.getValue())
                                .toArray(String[]::new))) {
            test.accept(
                    new Http(
                            context.getEnvironment()
                                    .getRequiredProperty("local.server.port", Integer.class)));
        }
    }

    @Test
    void aNodeThatHasEnoughSaysSoAndDecidesNothing() {
        withLimits(
                Map.of("node.capacity", "2", "node.refill", "1", "node.period", "1h"),
                client -> {
                    assertThat(client.claim(CAMPAIGN, member()).status()).isEqualTo(201);
                    assertThat(client.view(CAMPAIGN).status()).isEqualTo(200);
                    for (Answer answer :
                            new Answer[] {
                                client.claim(CAMPAIGN, member()), client.view(CAMPAIGN)
                            }) {
                        assertThat(answer.status()).isEqualTo(503);
                        assertThat(answer.get("code")).isEqualTo("overloaded");
                        assertThat(answer.header("Retry-After")).matches("[1-3]");
                    }
                });
    }

    @Test
    void aMemberWhoSendsTooManyTakesNothingFromTheOthers() {
        withLimits(
                Map.of(
                        "node.capacity", "4",
                        "node.refill", "1",
                        "node.period", "1h",
                        "member.capacity", "1",
                        "member.refill", "1",
                        "member.period", "1h"),
                client -> {
                    String member = member();
                    assertThat(client.claim(CAMPAIGN, member).status()).isEqualTo(201);
                    for (int i = 0; i < 20; i++) {
                        assertThat(client.claim(CAMPAIGN, member).status()).isEqualTo(429);
                    }
                    for (int i = 0; i < 3; i++) {
                        assertThat(client.claim(CAMPAIGN, member()).status()).isEqualTo(201);
                    }
                    assertThat(client.claim(CAMPAIGN, member()).status()).isEqualTo(503);
                });
    }

    /** The negative control; and a client's own word about its address counts for nothing here. */
    @Test
    void withoutLimitsNobodyIsTurnedAway() {
        withLimits(
                Map.of("member.enabled", "false", "address.capacity", "40", "address.period", "1h"),
                client -> {
                    String member = member();
                    for (int i = 0; i < 50; i++) {
                        Answer answer = client.claim(CAMPAIGN, member);
                        assertThat(answer.status()).isIn(200, 201);
                        assertThat(answer.header("RateLimit")).isEmpty();
                    }
                    int refused = 0;
                    for (int i = 0; i < 50; i++) {
                        refused +=
                                client.call("GET", VIEW, "", "X-Forwarded-For", "198.51.100." + i)
                                                        .status()
                                                == 429
                                        ? 1
                                        : 0;
                    }
                    assertThat(refused).as("one address, whatever it says").isPositive();
                });
    }
}
