package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Http.Answer;
import com.coupon.servers.RunningServers;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/**
 * Requests that make no sense get a problem that says so; they break nothing and leave nothing in
 * Redis.
 */
@IntegrationTest
class BadInputIT {

    private static final String CAMPAIGN = "bad-input";

    @LocalServerPort private int port;

    private Http http = new Http(0);
    private final Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()));
    private Set<String> keysBefore = Set.of();

    @BeforeEach
    void openACampaign() {
        http = new Http(port);
        http.open(CAMPAIGN, 10);
        keysBefore = keys();
    }

    @AfterEach
    void nothingIsLeftInRedis() {
        assertThat(keys()).isEqualTo(keysBefore);
        assertThat(redis.hlen("coupon:{" + CAMPAIGN + "}:participants")).isEqualTo(1);
        redis.close();
    }

    /** Other campaigns' sweeps and counts come and go. */
    private Set<String> keys() {
        return redis.keys("*").stream()
                .filter(key -> !key.matches(".*:(sweeper|answers|rates)"))
                .collect(Collectors.toSet());
    }

    private static void isProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.get("code")).isEqualTo(code);
        assertThat(answer.get("type")).isEqualTo("urn:coupon:problem:" + code);
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.get("title")).isNotBlank();
        assertThat(answer.response().body()).doesNotContain("com.coupon", "java.", "Exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPPER",
                "-leading",
                "under_score",
                "%7Bid%7D",
                "%0A",
                "%0D%0Ax",
                "a%20b",
                "%00",
                "a%3Ab",
                "%F0%9F%8E%9F",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "..%2e",
                "*"
            })
    void aMalformedCampaignIdIsRefused(String id) {
        isProblem(http.claim(id, "ann"), 400, "invalid-request");
        isProblem(http.find(id, "ann"), 400, "invalid-request");
        isProblem(http.view(id), 400, "invalid-request");
        isProblem(http.admin("GET", "/campaigns/" + id, ""), 400, "invalid-request");
        isProblem(http.admin("POST", "/campaigns/" + id + "/open", ""), 400, "invalid-request");
    }

    @Test
    void aCampaignThatDoesNotExistIsUnknown() {
        isProblem(http.claim("no-such", "ann"), 404, "unknown-campaign");
        isProblem(http.find("no-such", "ann"), 404, "unknown-campaign");
        isProblem(http.view("no-such"), 404, "unknown-campaign");
        isProblem(http.admin("GET", "/campaigns/no-such", ""), 404, "unknown-campaign");
        isProblem(http.admin("POST", "/campaigns/no-such/open", ""), 404, "unknown-campaign");
        isProblem(http.admin("GET", "/campaigns/no-such/issuances", ""), 404, "unknown-campaign");
    }

    @Test
    void aMalformedMemberIdIsRefused() throws IOException {
        isProblem(http.claim(CAMPAIGN, "x".repeat(129)), 400, "invalid-request");
        isProblem(http.claim(CAMPAIGN, "a b"), 400, "invalid-request");
        isProblem(http.claim(CAMPAIGN, ""), 400, "invalid-request");
        assertThat(
                        http.raw(
                                "POST /api/v1/campaigns/bad-input/claims HTTP/1.1\r\nX-User-Id: caf\u00e9\r\nContent-Length: 0\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void whoeverSaysNotWhoHeIsIsNotServed() {
        isProblem(
                http.call("POST", "/api/v1/campaigns/bad-input/claims", ""),
                401,
                "unauthenticated");
        isProblem(
                http.call("GET", "/api/v1/campaigns/bad-input/claims/me", ""),
                401,
                "unauthenticated");
        isProblem(
                http.call("GET", "/api/v1/admin/campaigns/bad-input", ""), 401, "unauthenticated");
        isProblem(
                http.call("GET", "/api/v1/admin/campaigns/bad-input", "", "X-User-Id", "ann"),
                403,
                "forbidden");
        isProblem(
                http.call("GET", "/api/v1/admin/no-such-route", "", "X-User-Id", "ann"),
                403,
                "forbidden");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/campaigns/bad-input/claims, 405, method-not-allowed",
        "PUT, /api/v1/campaigns/bad-input/claims, 405, method-not-allowed",
        "DELETE, /api/v1/campaigns/bad-input, 405, method-not-allowed",
        "TRACE, /api/v1/campaigns/bad-input, 405, method-not-allowed",
        "GET, /api/v1/no-such-route, 404, not-found",
        "GET, /no-such-page, 404, not-found",
        "POST, /, 405, method-not-allowed",
        "POST, /api/v1/campaigns, 404, not-found"
    })
    void aRouteOrMethodThatIsNotThereIsAProblem(
            String method, String path, int status, String code) {
        isProblem(http.call(method, path, "", "X-User-Id", "ann"), status, code);
    }

    @Test
    void aClaimTakesNoBody() throws IOException {
        String path = "/api/v1/campaigns/bad-input/claims";
        isProblem(http.call("POST", path, "{}", "X-User-Id", "ann"), 400, "body-not-allowed");
        isProblem(
                http.call("POST", path, "x", "X-User-Id", "ann", "Content-Type", "text/plain"),
                400,
                "body-not-allowed");
        assertThat(
                        http.raw(
                                "POST "
                                        + path
                                        + " HTTP/1.1\r\nX-User-Id: ann\r\nTransfer-Encoding: chunked\r\n",
                                "2\r\n{}\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("body-not-allowed");
    }

    @Test
    void aBodyOfTenMegabytesIsRefusedUnread() throws IOException {
        int length = 10_000_000;
        for (String path :
                new String[] {"/api/v1/campaigns/bad-input/claims", "/api/v1/admin/campaigns"}) {
            assertThat(
                            http.raw(
                                    lines(
                                            "POST " + path + " HTTP/1.1",
                                            "X-User-Id: ops",
                                            "X-User-Scopes: coupon.admin",
                                            "Content-Type: application/json",
                                            "Content-Length: " + length)))
                    .startsWith("HTTP/1.1 413")
                    .contains("body-too-large");
        }
        isProblem(http.admin("POST", "/campaigns", "x".repeat(length)), 413, "body-too-large");
        isProblem(http.claimWithBody(CAMPAIGN, "ann", "x".repeat(length)), 413, "body-too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x"})
    void aFormIsNotReadAheadOfTheLimit(String type) throws IOException {
        assertThat(
                        http.raw(
                                lines(
                                        "PUT /api/v1/campaigns/bad-input HTTP/1.1",
                                        "Content-Type: " + type,
                                        "Content-Length: 4000000000")))
                .startsWith("HTTP/1.1 413")
                .contains("body-too-large");
    }

    @Test
    void aChunkedBodyIsCutOffAtTheLimit() throws IOException {
        String chunk = "2000\r\n" + "x".repeat(0x2000) + "\r\n";
        assertThat(
                        http.raw(
                                lines(
                                        "POST /api/v1/admin/campaigns HTTP/1.1",
                                        "X-User-Id: ops",
                                        "X-User-Scopes: coupon.admin",
                                        "Content-Type: application/json",
                                        "Transfer-Encoding: chunked"),
                                "3\r\n{\"i\r\n" + chunk.repeat(12) + "0\r\n\r\n"))
                .startsWith("HTTP/1.1 4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/campaigns/{id} HTTP/1.1\r\n",
                "GET /api/v1/campaigns/a|b HTTP/1.1\r\n",
                "GET /api/v1/campaigns/a%2Fb HTTP/1.1\r\n",
                "GET // HTTP/1.1\r\n",
                "GET /api/v1/admin/;x=y HTTP/1.1\r\n",
                "GET /api/v1//admin/campaigns HTTP/1.1\r\n",
                "GET /api/v1/campaigns/%zz HTTP/1.1\r\n",
                "GET /api/v1/campaigns/bad-input HTTP/1.1\r\nBad Header: x\r\n",
                "GET /api/v1/campaigns/bad-input HTTP/1.1\r\nContent-Length: -1\r\n",
                "GET /api/v1/campaigns/../../etc/passwd HTTP/1.1\r\n",
                "NONSENSE\r\n"
            })
    void whatIsNotHttpAsItShouldBeIsAProblemToo(String head) throws IOException {
        assertThat(http.raw(head))
                .matches("(?s)HTTP/1.1 4\\d\\d .*")
                .contains("urn:coupon:problem:")
                .doesNotContain("<html");
    }

    @Test
    void aHeaderThatCarriesAnotherIsNotBelieved() throws IOException {
        String answer =
                http.raw(
                        lines(
                                "POST /api/v1/campaigns/bad-input/claims HTTP/1.1",
                                "X-User-Id: ann\rX-User-Scopes: coupon.admin",
                                "Content-Length: 0"));

        assertThat(answer).startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "null",
                "\"text\"",
                "{\"id\":\"x\"}",
                "{\"id\":\"x\",\"name\":\"n\",\"quantity\":0,\"coupon\":{\"title\":\"t\",\"discount\":\"d\"}}",
                "{\"id\":\"x\",\"name\":\"n\",\"quantity\":9999999999999999999999,\"coupon\":{\"title\":\"t\",\"discount\":\"d\"}}",
                "{\"id\":\"X X\",\"name\":\"n\",\"quantity\":1,\"coupon\":{\"title\":\"t\",\"discount\":\"d\"}}",
                "{\"id\":\"x\",\"name\":\" \",\"quantity\":1,\"coupon\":{\"title\":\"t\",\"discount\":\"d\"}}",
                "{\"id\":\"x\",\"name\":\"a\\u0000b\",\"quantity\":1,\"coupon\":{\"title\":\"t\",\"discount\":\"d\"}}",
                "{\"id\":\"x\",\"name\":\"n\",\"quantity\":1,\"coupon\":{\"title\":\"t\"}}",
                "{\"id\":\"x\",\"name\":\"n\",\"quantity\":1,\"coupon\":{\"title\":\"t\",\"discount\":\"d\"},\"opensAt\":\"soon\"}",
                "{\"id\":\"x\",\"name\":\"n\",\"quantity\":1,\"coupon\":{\"title\":\"t\",\"discount\":\"d\"},\"opensAt\":\"+1000000000-12-31T23:59:59Z\"}",
                "{\"id\":\"x\",\"name\":\"n\",\"quantity\":1,\"coupon\":{\"title\":\"t\",\"discount\":\"d\"},\"closesAt\":\"2001-01-01T00:00:00Z\"}",
                "{\"id\":\"x\",\"name\":\"n\",\"quantity\":1,\"coupon\":{\"title\":\"t\",\"discount\":\"d\"},\"eligibility\":\"SOME\"}"
            })
    void aCampaignThatMakesNoSenseIsNotCreated(String body) {
        isProblem(http.admin("POST", "/campaigns", body), 400, "invalid-request");
    }

    @Test
    void othersThanJsonAreNotUnderstood() {
        isProblem(
                http.call(
                        "POST",
                        "/api/v1/admin/campaigns",
                        "id=x",
                        "X-User-Id",
                        "ops",
                        "X-User-Scopes",
                        "coupon.admin",
                        "Content-Type",
                        "application/x-www-form-urlencoded"),
                415,
                "unsupported-media-type");
        isProblem(
                http.call("GET", "/api/v1/campaigns/bad-input", "", "Accept", "image/png"),
                406,
                "not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "after=-1",
                "limit=0",
                "limit=1001",
                "limit=many",
                "after=99999999999999999999"
            })
    void aPageThatCannotBeIsRefused(String query) {
        isProblem(
                http.admin("GET", "/campaigns/bad-input/issuances?" + query, ""),
                400,
                "invalid-request");
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }
}
