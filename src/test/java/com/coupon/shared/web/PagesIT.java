package com.coupon.shared.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.Http.Answer;
import com.coupon.servers.RunningServers;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Which pages a process has, and how they are sent. */
@ExtendWith(OutputCaptureExtension.class)
class PagesIT {

    /** Requests of one address that are let in. */
    private static final int STRANGERS = 200;

    private static ConfigurableApplicationContext api;
    private static Http http;

    @BeforeAll
    static void start() {
        api = start("api");
        http = http(api);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static ConfigurableApplicationContext start(String role, String... more) {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("coupon.security.identity", "header");
        properties.put("coupon.issuance.warm-up.claims", "0");
        properties.put("coupon.web.trusted-proxies", "127.0.0.0/8,::1");
        properties.put("coupon.web.rate-limits.address.capacity", Integer.toString(STRANGERS));
        properties.put("coupon.web.rate-limits.address.refill", "1");
        properties.put("coupon.web.rate-limits.address.period", "1h");
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles(role);
        application.setRegisterShutdownHook(false);
        return application.run(
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    private static Http http(ConfigurableApplicationContext process) {
        return new Http(
                process.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    private static Answer get(String path, String... headers) {
        return http.call("GET", path, "", headers);
    }

    @Test
    void aPageRunsOnlyWhatCameWithIt() {
        Answer page = get("/?campaign=x");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.header("Content-Security-Policy").split("; "))
                .containsExactlyInAnyOrder(
                        "default-src 'none'",
                        "script-src 'self'",
                        "style-src 'self'",
                        "connect-src 'self'",
                        "img-src 'self'",
                        "base-uri 'none'",
                        "form-action 'none'",
                        "frame-ancestors 'none'");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(page.header("Set-Cookie")).isEmpty();
    }

    @Test
    void aPageThatIsKnownIsNotSentAgain() {
        Answer page = get("/");
        assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
        String etag = page.header("ETag");

        Answer known = get("/", "If-None-Match", etag);
        assertThat(known.status()).isEqualTo(304);
        assertThat(known.response().body()).isEmpty();
        assertThat(known.header("ETag")).isEqualTo(etag);
        assertThat(known.header("Content-Security-Policy")).isNotEmpty();

        assertThat(get("/", "If-None-Match", "\"of another release\"").status()).isEqualTo(200);
    }

    @Test
    void aPageIsSentCompressedToWhoeverTakesIt() {
        Answer plain = get("/");
        Answer compressed = get("/", "Accept-Encoding", "br, gzip");
        assertThat(plain.header("Content-Encoding")).isEmpty();
        assertThat(compressed.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(compressed.header("Vary")).isEqualTo("Accept-Encoding");
        assertThat(compressed.header("ETag")).isNotEqualTo(plain.header("ETag"));
        assertThat(get("/", "Accept-Encoding", "gzip;q=0").header("Content-Encoding")).isEmpty();
    }

    @Test
    void aPageIsOnlyRead() {
        Answer posted = http.call("POST", "/", "");
        assertThat(posted.status()).isEqualTo(405);
        assertThat(posted.get("code")).isEqualTo("method-not-allowed");
        assertThat(posted.header("Allow")).contains("GET", "HEAD");
        assertThat(http.call("HEAD", "/", "").status()).isEqualTo(200);
    }

    /** Each of these is refused as if there were no pages. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/index.html",
                "/claim",
                "/claim/",
                "/claim/index.html",
                "/claim/none.js",
                "/pages/claim/index.html",
                "//",
                "/;a=b",
                "/%2e",
                "/claim/../application.yaml",
                "/claim/..%2f..%2fapplication.yaml",
                "/claim/%2e%2e/%2e%2e/application.yaml",
                "/application.yaml",
                "/lua/claim_coupons.lua",
                "/favicon.ico"
            })
    void nothingElseIsThere(String path) throws IOException {
        String answer = http.raw("GET " + path + " HTTP/1.1\r\n");
        assertThat(answer)
                .matches("(?s)HTTP/1.1 (404|400) .*")
                .contains("application/problem+json")
                .doesNotContain("<html", "spring:");
    }

    @Test
    void theRoleThatDoesNotServeMembersHasNoPageForThem() {
        try (var consumer = start("consumer", "coupon.reconciliation.scheduled", "false")) {
            Answer answer = http(consumer).call("GET", "/", "");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.get("code")).isEqualTo("not-found");
        }
    }

    @Test
    void pagesCountAgainstTheAddressAndNoFurther() {
        String[] from = {"X-Forwarded-For", "192.0.2.7"};
        for (int i = 0; i < STRANGERS; i++) {
            assertThat(get("/", from).status()).isEqualTo(200);
        }
        assertThat(get("/", from).get("code")).isEqualTo("rate-limited");
        assertThat(get("/", "X-Forwarded-For", "192.0.2.8").status()).isEqualTo(200);
        assertThat(http.call("POST", "/api/v1/campaigns/x/claims", "", "X-User-Id", "ann").status())
                .as("a claim of a member is still let in")
                .isNotEqualTo(429);
    }

    @Test
    void aPageIsToldItsSettingsAndTheyStayText() {
        try (var told =
                start(
                        "api",
                        "coupon.claim-page.campaign",
                        "welcome",
                        "coupon.claim-page.sign-in",
                        "https://shop.example/?a=b&c=%22")) {
            String page = http(told).call("GET", "/", "").response().body();
            assertThat(page)
                    .contains(
                            "data-campaign=\"welcome\"",
                            "data-identity=\"header\"",
                            "data-sign-in=\"https://shop.example/?a=b&amp;c=%22\"")
                    .doesNotContain("${");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "campaign, 'a\"b'",
        "sign-in, javascript:alert(1)",
        "sign-in, http://shop.example/",
        "openers, *",
        "openers, https://shop.example/",
        "openers, 'https://shop.example,http://shop.example'"
    })
    void aSettingThatMakesNoSenseStopsTheStart(String name, String value, CapturedOutput output) {
        assertThatThrownBy(() -> start("api", "coupon.claim-page." + name, value).close());
        assertThat(output).contains("coupon.claim-page");
        assertThat(List.of(output.getAll().split("\n")))
                .noneMatch(line -> line.contains("Started "));
    }
}
