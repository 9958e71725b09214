package com.coupon.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.issuance.port.in.ClaimCoupon;
import com.coupon.issuance.port.in.FollowCampaign;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.issuance.port.in.ViewCampaign;
import com.coupon.issuance.port.out.AnswerTotals;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.IssuancePublisher;
import com.coupon.persistence.port.in.RecordIssuances;
import com.coupon.reconciliation.port.in.ViewStats;
import com.coupon.servers.RunningServers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springdoc.webmvc.api.OpenApiResource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.support.ProducerListener;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What a process of each role has, and above all what it does not have. */
@ExtendWith(OutputCaptureExtension.class)
class RolesIT {

    private static final String JWT = "spring.security.oauth2.resourceserver.jwt.";

    private static ConfigurableApplicationContext start(String... profiles) {
        return start(onAnyPort(), profiles);
    }

    private static Map<String, String> onAnyPort() {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        return properties;
    }

    private static Set<String> documentedPaths(ConfigurableApplicationContext context) {
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return new Http(port)
                .call("GET", "/v3/api-docs", "").json().path("paths").propertyNames().stream()
                        .collect(Collectors.toSet());
    }

    private static ConfigurableApplicationContext start(
            Map<String, String> properties, String... profiles) {
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles(profiles);
        properties.putIfAbsent("coupon.security.identity", "header");
        return application.run(
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    private static void has(ConfigurableApplicationContext context, Class<?>... types) {
        for (Class<?> type : types) {
            assertThat(context.getBeansOfType(type)).as(type.getSimpleName()).isNotEmpty();
        }
    }

    private static void lacks(ConfigurableApplicationContext context, Class<?>... types) {
        for (Class<?> type : types) {
            assertThat(context.getBeansOfType(type)).as(type.getSimpleName()).isEmpty();
        }
    }

    @Test
    void theApiRoleHasNoDatabaseAndNoConsumer() {
        try (var context = start("api")) {
            has(
                    context,
                    ClaimCoupon.class,
                    ViewCampaign.class,
                    FollowCampaign.class,
                    CouponStock.class,
                    IssuancePublisher.class,
                    AnswerTotals.class);
            lacks(
                    context,
                    ViewStats.class,
                    DataSource.class,
                    PlatformTransactionManager.class,
                    Flyway.class,
                    CampaignCatalog.class,
                    ManageCampaigns.class,
                    RecordIssuances.class);
            assertThat(
                            context.getBean(KafkaListenerEndpointRegistry.class)
                                    .getListenerContainerIds())
                    .isEmpty();
            // the one that Spring Boot brings logs members and codes
            assertThat(context.getBeansOfType(ProducerListener.class).values())
                    .singleElement()
                    .isInstanceOf(QuietProducerListener.class);
            // it faces the crowd, and the document costs as much as many claims
            lacks(context, OpenApiResource.class);
        }
    }

    @Test
    void theApiRoleServesItsPartOfTheDocumentWhereItIsAskedTo() {
        Map<String, String> properties = onAnyPort();
        properties.put("springdoc.api-docs.enabled", "true");
        try (var context = start(properties, "api")) {
            assertThat(documentedPaths(context))
                    .isNotEmpty()
                    .noneMatch(path -> path.startsWith("/api/v1/admin"));
        }
    }

    @Test
    void theConsumerRoleDecidesNoClaims() {
        try (var context = start("consumer")) {
            has(
                    context,
                    DataSource.class,
                    Flyway.class,
                    ManageCampaigns.class,
                    RecordIssuances.class,
                    ViewStats.class);
            lacks(
                    context,
                    AnswerTotals.class,
                    ClaimCoupon.class,
                    ViewCampaign.class,
                    FollowCampaign.class,
                    CouponStock.class,
                    IssuancePublisher.class);
            assertThat(
                            context.getBean(KafkaListenerEndpointRegistry.class)
                                    .getListenerContainerIds())
                    .containsExactlyInAnyOrder("ledger", "dead-letters");
            assertThat(documentedPaths(context))
                    .isNotEmpty()
                    .allMatch(path -> path.startsWith("/api/v1/admin"));
        }
    }

    @Test
    void aProcessWithoutARoleSaysWhichToChoose(CapturedOutput output) {
        assertThatThrownBy(() -> start(new HashMap<>()));

        assertThat(output)
                .contains("This process was given no role.")
                .contains("Set SPRING_PROFILES_ACTIVE to 'api'")
                .doesNotContain("\tat ");
    }

    @Test
    void theApiRoleHasNoAdminRoutes() {
        try (var context = start("api")) {
            var http =
                    new Http(
                            context.getEnvironment()
                                    .getRequiredProperty("local.server.port", Integer.class));
            String[] ops = {"X-User-Id", "ops", "X-User-Scopes", "coupon.admin"};
            String[] ann = {"X-User-Id", "ann"};
            for (String path : List.of("/campaigns", "/campaigns/x", "/campaigns/x/issuances")) {
                String admin = "/api/v1/admin" + path;
                assertThat(http.call("GET", admin, "", ops).get("code")).isEqualTo("not-found");
                assertThat(http.call("GET", admin, "", ann).get("code")).isEqualTo("forbidden");
                assertThat(http.call("GET", admin, "").get("code")).isEqualTo("unauthenticated");
            }
            assertThat(
                            context.getBean(RequestMappingHandlerMapping.class)
                                    .getHandlerMethods()
                                    .keySet())
                    .isNotEmpty()
                    .noneMatch(route -> route.toString().contains("/admin"));
            assertThat(http.call("GET", "/console", "").get("code")).isEqualTo("not-found");
        }
    }

    @Test
    void theConsumerRoleHasNoPublicRoutes() {
        try (var context = start("consumer")) {
            var http =
                    new Http(
                            context.getEnvironment()
                                    .getRequiredProperty("local.server.port", Integer.class));
            assertThat(http.view("x").get("code")).isEqualTo("not-found");
            assertThat(http.call("GET", "/api/v1/campaigns/x/events", "").get("code"))
                    .isEqualTo("not-found");
            assertThat(http.claim("x", "ann").get("code")).isEqualTo("not-found");
            for (String file : List.of("", "/main.js", "/chart.js")) {
                assertThat(http.call("GET", "/console" + file, "").status()).isEqualTo(200);
            }
        }
    }

    private static Map<String, String> tokens() {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("coupon.security.identity", "");
        properties.put(JWT + "issuer-uri", "https://issuer.example");
        properties.put(JWT + "jwk-set-uri", "http://127.0.0.1:9/jwks");
        properties.put(JWT + "audiences", "coupon");
        return properties;
    }

    private static void refusesToStart(
            Map<String, String> properties, CapturedOutput output, String... sentences) {
        assertThatThrownBy(() -> start(properties, "api"));
        assertThat(output).contains(sentences).doesNotContain("\tat ");
    }

    @Test
    void aProcessThatIsNotToldWhomToBelieveDoesNotStart(CapturedOutput output) {
        Map<String, String> properties = new HashMap<>();
        properties.put("server.port", "0");
        properties.put("coupon.security.identity", "");
        refusesToStart(
                properties,
                output,
                "This process was not told whom to believe.",
                JWT + "issuer-uri, jwk-set-uri and audiences",
                "coupon.security.identity=header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.servlet.context-path", "spring.mvc.servlet.path"})
    void aProcessThatIsToAnswerBelowAPathDoesNotStart(String property, CapturedOutput output) {
        Map<String, String> properties = new HashMap<>();
        properties.put("server.port", "0");
        properties.put(property, "/coupons");
        refusesToStart(properties, output, property, "/coupons", "at the root of its port only");
    }

    @ParameterizedTest
    @CsvSource({
        "issuer-uri, header",
        "jwk-set-uri, HEADER",
        "issuer-uri, 'header '",
        "issuer-uri, hea-der"
    })
    void aProcessThatIsToldTwoThingsDoesNotStart(
            String one, String written, CapturedOutput output) {
        Map<String, String> properties = tokens();
        properties.keySet().removeIf(name -> name.startsWith(JWT) && !name.endsWith(one));
        properties.put("coupon.security.identity", written);
        refusesToStart(
                properties,
                output,
                "This process was told to believe both tokens and the headers of a gateway.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"issuer-uri", "jwk-set-uri", "audiences"})
    void tokensAreNotVerifiedByHalves(String missing, CapturedOutput output) {
        Map<String, String> properties = tokens();
        properties.put(JWT + missing, "");
        refusesToStart(
                properties, output, "Tokens cannot be verified without " + JWT + missing + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "none"})
    void tokensAreNotVerifiedBySharedSecrets(String algorithm, CapturedOutput output) {
        Map<String, String> properties = tokens();
        properties.put(JWT + "jws-algorithms", algorithm);
        refusesToStart(
                properties, output, "'" + algorithm + "' is no algorithm to verify tokens with.");
    }

    @Test
    void whoeverBelievesHeadersHasNothingOfTokensAndSaysSo(CapturedOutput output) {
        try (var context = start("api")) {
            lacks(
                    context,
                    JwtDecoder.class,
                    JwtAuthenticationConverter.class,
                    BearerTokenResolver.class,
                    UserDetailsService.class);
            assertThat(output)
                    .contains("Identity is 'header'")
                    .doesNotContain("generated security password");
        }
    }

    @Test
    void whoeverVerifiesTokensStartsWithoutTheIssuerAndHasNoOtherUsers(CapturedOutput output) {
        try (var context = start(tokens(), "api")) {
            lacks(context, JwtDecoder.class, UserDetailsService.class);
            assertThat(output)
                    .contains("Identity is by tokens of https://issuer.example.")
                    .doesNotContain("Identity is 'header'", "generated security password");
        }
    }
}
