package com.coupon.shared.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.Http.Answer;
import com.coupon.IntegrationTest;
import com.coupon.servers.RunningServers;
import com.coupon.shared.web.Issuer.Mood;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Whoever carries a token of the issuer is known by it, and nobody else is. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "spring.security.oauth2.resourceserver.jwt.issuer-uri=" + Issuer.NAME,
            "spring.security.oauth2.resourceserver.jwt.audiences=" + Issuer.AUDIENCE,
            "coupon.security.jwks.refetch-interval=1m"
        })
@ActiveProfiles({"api", "consumer"})
@ContextConfiguration(initializers = IntegrationTest.OnRunningServers.class)
@Import(OperatorProbe.class)
@DirtiesContext // its issuer goes with it
class TokenIdentityIT {

    private static final Issuer ISSUER = new Issuer();
    private static final String CAMPAIGN = "by-token";
    private static final String CLAIMS = "/api/v1/campaigns/" + CAMPAIGN + "/claims";
    private static final String ADMIN = "/api/v1/admin/campaigns/" + CAMPAIGN;

    @LocalServerPort private int port;

    private Http http = new Http(0);

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry registry) {
        registry.add("spring.security.oauth2.resourceserver.jwt.jwk-set-uri", ISSUER::keysUri);
    }

    @AfterAll
    static void stop() {
        ISSUER.close();
    }

    @BeforeEach
    void openACampaign() {
        http = new Http(port);
        String[] ops = {
            "Authorization",
            "Bearer " + ISSUER.token("ops", Identity.ADMIN),
            "Content-Type",
            "application/json"
        };
        http.call(
                "POST",
                "/api/v1/admin/campaigns",
                """
                {"id":"by-token","name":"A test","quantity":1000,"coupon":{"title":"A coupon","discount":"10 %"}}\
                """,
                ops);
        assertThat(http.call("POST", ADMIN + "/open", "", ops).status()).isEqualTo(200);
    }

    private Answer claim(String token) {
        return http.call("POST", CLAIMS, "", "Authorization", "Bearer " + token);
    }

    private Answer admin(String token) {
        return http.call("GET", ADMIN, "", "Authorization", "Bearer " + token);
    }

    private static void isRefused(Answer answer, int status, String code, String challenge) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.get("code")).isEqualTo(code);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.response().headers().allValues("WWW-Authenticate"))
                .containsExactly(challenge);
        assertThat(answer.response().body())
                .doesNotContain("Exception", "com.", "org.", "127.0.0.1");
    }

    @Test
    void theMemberIsTheSubjectOfTheToken() {
        Answer answer = claim(ISSUER.token("ann"));

        assertThat(answer.status()).isIn(200, 201);
        assertThat(answer.get("memberId")).isEqualTo("ann");
        assertThat(
                        http.call(
                                        "GET",
                                        CLAIMS + "/me",
                                        "",
                                        "Authorization",
                                        "bearer " + ISSUER.token("ann"))
                                .get("memberId"))
                .isEqualTo("ann");
    }

    @Test
    void operatorsHaveTheScope() {
        Answer answer = admin(ISSUER.token("ops", "other", Identity.ADMIN));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header(OperatorProbe.HEADER))
                .as("as whom they are known")
                .isEqualTo("ops");
        assertThat(
                        admin(
                                        ISSUER.token(
                                                Issuer.claims("ops")
                                                        .claim("scope", null)
                                                        .claim("scp", List.of(Identity.ADMIN))))
                                .status())
                .isEqualTo(200);
        isRefused(
                admin(ISSUER.token("ann", "coupon.administrator")),
                403,
                "forbidden",
                "Bearer error=\"insufficient_scope\"");
        isRefused(
                admin(ISSUER.token("ann")),
                403,
                "forbidden",
                "Bearer error=\"insufficient_scope\"");
    }

    @Test
    void routesThatAreNotThereAreToldToThoseWhoMayKnow() {
        String none = "/api/v1/admin/no-such-route";
        isRefused(http.call("GET", none, ""), 401, "unauthenticated", "Bearer");
        assertThat(
                        http.call("GET", none, "", "Authorization", "Bearer " + ISSUER.token("ann"))
                                .get("code"))
                .isEqualTo("forbidden");
        assertThat(
                        http.call(
                                        "GET",
                                        none,
                                        "",
                                        "Authorization",
                                        "Bearer " + ISSUER.token("ops", Identity.ADMIN))
                                .get("code"))
                .isEqualTo("not-found");
        assertThat(http.call("GET", "/api/v1/no-such-route", "").get("code"))
                .isEqualTo("not-found");
    }

    static Stream<Arguments> tokensNobodyShouldBelieve() throws JOSEException {
        RSAKey key = ISSUER.key();
        RSAKey other = Issuer.newKey(key.getKeyID());
        Date past = Date.from(Instant.now().minusSeconds(120));
        Date future = Date.from(Instant.now().plusSeconds(120));
        String good = ISSUER.token("ann", Identity.ADMIN);
        String[] parts = good.split("\\.", -1);
        String forged =
                parts[0]
                        + "."
                        + base64(
                                new String(
                                                Base64.getUrlDecoder().decode(parts[1]),
                                                StandardCharsets.UTF_8)
                                        .replace("ann", "bob"))
                        + "."
                        + parts[2];
        return Stream.of(
                Arguments.of("expired", ISSUER.token(ops().expirationTime(past))),
                Arguments.of("without an expiry", ISSUER.token(ops().expirationTime(null))),
                Arguments.of("not valid yet", ISSUER.token(ops().notBeforeTime(future))),
                Arguments.of("for another audience", ISSUER.token(ops().audience("others"))),
                Arguments.of("for no audience", ISSUER.token(ops().audience((List<String>) null))),
                Arguments.of("of another issuer", ISSUER.token(ops().issuer("https://evil"))),
                Arguments.of("of no issuer", ISSUER.token(ops().issuer(null))),
                Arguments.of("without a subject", ISSUER.token(ops().subject(null))),
                Arguments.of("of no member", ISSUER.token(ops().subject("a b"))),
                Arguments.of("of an empty member", ISSUER.token(ops().subject(""))),
                Arguments.of("of a member too long", ISSUER.token(ops().subject("x".repeat(129)))),
                Arguments.of("unsigned", new PlainJWT(ops().build()).serialize()),
                Arguments.of(
                        "unsigned in spite of its header",
                        base64("{\"alg\":\"none\",\"kid\":\"one\"}") + "." + parts[1] + "."),
                Arguments.of(
                        "signed with the public key as a secret",
                        Issuer.sign(
                                JWSAlgorithm.HS256,
                                key,
                                new MACSigner(key.toRSAPublicKey().getEncoded()),
                                ops(),
                                null)),
                Arguments.of(
                        "signed by another algorithm of the same key",
                        Issuer.sign(JWSAlgorithm.RS512, key, Issuer.signer(key), ops(), null)),
                Arguments.of(
                        "signed by another key of the same name",
                        Issuer.sign(JWSAlgorithm.RS256, other, Issuer.signer(other), ops(), null)),
                Arguments.of(
                        "of another type",
                        Issuer.sign(
                                JWSAlgorithm.RS256, key, Issuer.signer(key), ops(), "logout+jwt")),
                Arguments.of("changed by somebody", forged),
                Arguments.of("without its signature", parts[0] + "." + parts[1] + "."),
                Arguments.of("cut off", good.substring(0, good.length() - 10)),
                Arguments.of("garbage", "garbage"),
                Arguments.of("garbage in three parts", "a.b.c"));
    }

    private static JWTClaimsSet.Builder ops() {
        return Issuer.claims("ann", Identity.ADMIN);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tokensNobodyShouldBelieve")
    void aTokenIsNotBelievedThatIs(String what, String token) {
        isRefused(claim(token), 401, "unauthenticated", "Bearer error=\"invalid_token\"");
        isRefused(admin(token), 401, "unauthenticated", "Bearer error=\"invalid_token\"");
    }

    /** The negative control of the above: the same tokens, in order. */
    @ParameterizedTest
    @ValueSource(strings = {"", "JWT", "at+jwt"})
    void aTokenThatIsInOrderIsBelieved(String type) {
        RSAKey key = ISSUER.key();
        String token =
                Issuer.sign(
                        JWSAlgorithm.RS256,
                        key,
                        Issuer.signer(key),
                        ops(),
                        type.isEmpty() ? null : type);
        assertThat(claim(token).status()).isIn(200, 201);
        assertThat(admin(token).status()).isEqualTo(200);
    }

    @Test
    void aTokenInTheQueryIsNotLookedAt() {
        String query = "?access_token=" + ISSUER.token("ann", Identity.ADMIN);
        isRefused(http.call("POST", CLAIMS + query, ""), 401, "unauthenticated", "Bearer");
        isRefused(http.call("GET", ADMIN + query, ""), 401, "unauthenticated", "Bearer");
    }

    @Test
    void twoTokensAreOneTooMany() {
        String[] two = {
            "Authorization", "Bearer " + ISSUER.token("ann", Identity.ADMIN),
            "Authorization", "Bearer " + ISSUER.token("bob")
        };
        String challenge = "Bearer error=\"invalid_request\"";
        isRefused(http.call("POST", CLAIMS, "", two), 400, "invalid-request", challenge);
        isRefused(http.call("GET", ADMIN, "", two), 400, "invalid-request", challenge);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic YW5uOmFubg==", "DPoP abc", "Bearer", "Token x"})
    void otherCredentialsCountForNothing(String credentials) {
        for (Answer answer :
                List.of(
                        http.call("POST", CLAIMS, "", "Authorization", credentials),
                        http.call("GET", ADMIN, "", "Authorization", credentials))) {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        }
    }

    @Test
    void theHeadersOfAGatewayAreNotBelieved() {
        String[] headers = {"X-User-Id", "ann", "X-User-Scopes", Identity.ADMIN};
        isRefused(http.call("POST", CLAIMS, "", headers), 401, "unauthenticated", "Bearer");
        isRefused(http.call("GET", ADMIN, "", headers), 401, "unauthenticated", "Bearer");

        String[] both = Arrays.copyOf(headers, 6);
        both[4] = "Authorization";
        both[5] = "Bearer " + ISSUER.token("bob");
        assertThat(http.call("POST", CLAIMS, "", both).get("memberId")).isEqualTo("bob");
        assertThat(http.call("GET", ADMIN, "", both).status()).isEqualTo(403);
    }

    /** The only address the service ever calls on somebody's behalf is the configured one. */
    @Test
    void aTokenThatSaysWhereItsKeysAreIsNotFollowed() throws JOSEException {
        try (var stranger = new Issuer()) {
            RSAKey key = stranger.key();
            var token =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.RS256)
                                    .keyID(key.getKeyID())
                                    .jwkURL(URI.create(stranger.keysUri()))
                                    .x509CertURL(URI.create(stranger.keysUri()))
                                    .jwk(key.toPublicJWK())
                                    .build(),
                            ops().build());
            token.sign(Issuer.signer(key));

            isRefused(
                    claim(token.serialize()),
                    401,
                    "unauthenticated",
                    "Bearer error=\"invalid_token\"");
            isRefused(
                    admin(token.serialize()),
                    401,
                    "unauthenticated",
                    "Bearer error=\"invalid_token\"");
            assertThat(stranger.fetches()).isZero();
        }
    }

    @Test
    void aFloodOfUnknownKeysDoesNotReachTheIssuer() {
        claim(ISSUER.token("ann"));
        int before = ISSUER.fetches();
        for (int i = 0; i < 100; i++) {
            RSAKey key = new RSAKey.Builder(ISSUER.key()).keyID("unknown-" + i).build();
            String token = Issuer.sign(JWSAlgorithm.RS256, key, Issuer.signer(key), ops(), null);
            isRefused(
                    i % 2 == 0 ? claim(token) : admin(token),
                    401,
                    "unauthenticated",
                    "Bearer error=\"invalid_token\"");
        }
        assertThat(ISSUER.fetches() - before).isLessThanOrEqualTo(2);
        assertThat(claim(ISSUER.token("ann")).status()).as("the others go on").isEqualTo(200);
    }

    @Test
    void answersOfTheAdminApiAreNotKeptAndThePublicViewIs() {
        Answer admin = admin(ISSUER.token("ops", Identity.ADMIN));
        assertThat(admin.header("Cache-Control")).contains("no-store");
        assertThat(admin.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(admin.response().headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(admin.response().headers().firstValue("Strict-Transport-Security")).isEmpty();

        Answer view = http.view(CAMPAIGN);
        assertThat(view.header("Cache-Control")).isEqualTo("max-age=1, public");
        assertThat(view.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void whileTheIssuerCannotBeReachedNothingIsDecidedAndNobodyWaitsForLong() {
        try (var issuer = new Issuer()) {
            issuer.is(Mood.FAILING);
            Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
            properties.put("server.port", "0");
            properties.put("management.server.port", "0");
            properties.put("coupon.security.jwks.connect-timeout", "300ms");
            properties.put("coupon.security.jwks.read-timeout", "300ms");
            properties.put("coupon.security.jwks.refetch-interval", "500ms");
            String jwt = "spring.security.oauth2.resourceserver.jwt.";
            properties.put(jwt + "issuer-uri", Issuer.NAME);
            properties.put(jwt + "jwk-set-uri", issuer.keysUri());
            properties.put(jwt + "audiences", Issuer.AUDIENCE);
            var application = new SpringApplication(CouponApplication.class);
            application.setAdditionalProfiles("api");
            try (var context =
                    application.run(
                            properties.entrySet().stream()
                                    .map(it -> "--" + it.getKey() + "=" + it.getValue())
                                    .toArray(String[]::new))) {
                http =
                        new Http(
                                context.getEnvironment()
                                        .getRequiredProperty("local.server.port", Integer.class));
                String token = issuer.token("ann", Identity.ADMIN);

                isUnavailable(claim(token));
                isUnavailable(admin(token));

                issuer.is(Mood.SILENT);
                for (int i = 0; i < 5; i++) {
                    Instant asked = Instant.now();
                    isUnavailable(claim(token));
                    isUnavailable(admin(token));
                    assertThat(Duration.between(asked, Instant.now()))
                            .isLessThan(Duration.ofSeconds(3));
                }

                issuer.is(Mood.WELL);
                await().untilAsserted(() -> assertThat(claim(token).status()).isIn(200, 201));
                assertThat(admin(token).status()).as("api has no admin routes").isEqualTo(404);

                issuer.is(Mood.FAILING);
                assertThat(claim(token).status()).as("keys are kept").isEqualTo(200);
                issuer.rotateTo(Issuer.newKey("two"));
                await().untilAsserted(() -> isUnavailable(claim(issuer.token("ann"))));

                issuer.is(Mood.WELL);
                await().untilAsserted(() ->
                        assertThat(claim(issuer.token("ann")).status())
                                .as("the new key is found")
                                .isEqualTo(200));
                assertThat(claim(token).status()).as("and the old one is gone").isEqualTo(401);
            }
        }
    }

    private static void isUnavailable(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.get("code")).isEqualTo("unavailable");
        assertThat(answer.header("Retry-After")).matches("[1-3]");
    }
}
