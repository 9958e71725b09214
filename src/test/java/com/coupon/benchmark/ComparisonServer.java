package com.coupon.benchmark;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the service is held against: the same Tomcat with the same settings, since it reads the same
 * application.yaml, under Spring MVC alone, without security, actuator and observations.
 *
 * <ul>
 *   <li>{@code POST /servlet}: an empty servlet whose answer is as long as that of a sold-out
 *       campaign
 *   <li>{@code POST /verified}: the same, after a bearer token has been verified
 *   <li>{@code POST /controller}: an empty controller that returns a small record
 *   <li>{@code POST /naive/…}: a controller that asks Redis for each claim by itself
 * </ul>
 */
@ImportAutoConfiguration({
    PropertyPlaceholderAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    ErrorMvcAutoConfiguration.class,
    HttpEncodingAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    JacksonAutoConfiguration.class
})
public class ComparisonServer {

    /** Keeps what is here out of the service, which looks for its beans in this folder, too. */
    static final String PROFILE = "comparison";

    static final String ISSUER = "https://issuer.example";
    static final String AUDIENCE = "coupon";

    private final Given given;

    ComparisonServer(Given given) {
        this.given = given;
    }

    /**
     * @param soldOut what the service says of a campaign that is sold out
     * @param keys of the issuer, as JSON
     */
    record Given(String soldOut, String keys) {}

    /**
     * @param args port; Redis as host:port; a file with the body of the service's answer that a
     *     campaign is sold out; a file with the issuer's keys
     */
    public static void main(String... args) throws IOException {
        start(
                Integer.parseInt(args[0]),
                args[1],
                Files.readString(Path.of(args[2])),
                Files.readString(Path.of(args[3])));
    }

    /**
     * @param filters that a test looks in with
     */
    static ConfigurableApplicationContext start(
            int port, String redis, String soldOut, String keys, Filter... filters) {
        var application = new SpringApplication(ComparisonServer.class);
        // Role and identity are for the guards that stop a service without; nothing else reads them
        application.setAdditionalProfiles(PROFILE, "api");
        application.addInitializers(context -> {
            var beans = (GenericApplicationContext) context;
            beans.registerBean(Given.class, () -> new Given(soldOut, keys));
            beans.registerBean(Claims.class, Claims::new);
            new BareDoors(soldOut).register(beans);
            beans.registerBean(NaiveClaims.class, () -> new NaiveClaims(redis));
            for (Filter filter : filters) {
                beans.registerBean(Filter.class, () -> filter);
            }
        });
        return application.run(
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--coupon.security.identity=header");
    }

    @Bean
    ServletRegistrationBean<HttpServlet> empty() {
        return new ServletRegistrationBean<>(new SoldOut(given.soldOut()), "/servlet");
    }

    @Bean
    ServletRegistrationBean<HttpServlet> verifying() throws ParseException {
        JWKSet known = JWKSet.parse(given.keys());
        var registration =
                new ServletRegistrationBean<HttpServlet>(
                        new Verified(given.soldOut(), known), "/verified");
        registration.setName("verified");
        return registration;
    }

    /** Answers as a campaign does that is sold out. */
    private static class SoldOut extends HttpServlet {

        private final transient byte[] body;

        SoldOut(String body) {
            this.body = body.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            response.setStatus(409);
            response.setContentType("application/problem+json");
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }

    /** Verifies what the service verifies, by the same means. */
    private static final class Verified extends SoldOut {

        private static final String SCHEME = "Bearer ";

        private final transient NimbusJwtDecoder decoder;

        Verified(String body, JWKSet keys) {
            super(body);
            this.decoder =
                    NimbusJwtDecoder.withJwkSource(new ImmutableJWKSet<SecurityContext>(keys))
                            .jwsAlgorithm(SignatureAlgorithm.RS256)
                            .build();
            var expiry = new JwtTimestampValidator();
            expiry.setAllowEmptyExpiryClaim(false);
            var type = new JwtTypeValidator("JWT", "at+jwt");
            type.setAllowEmpty(true);
            decoder.setJwtValidator(
                    new DelegatingOAuth2TokenValidator<>(
                            type,
                            expiry,
                            new JwtIssuerValidator(ISSUER),
                            new JwtClaimValidator<List<String>>(
                                    JwtClaimNames.AUD,
                                    audience -> audience != null && audience.contains(AUDIENCE)),
                            new JwtClaimValidator<String>(
                                    JwtClaimNames.SUB,
                                    subject -> subject != null && !subject.isEmpty())));
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            String authorization = request.getHeader("Authorization");
            try {
                if (authorization != null && authorization.startsWith(SCHEME)) {
                    Jwt token = decoder.decode(authorization.substring(SCHEME.length()));
                    if (token.getSubject() != null) {
                        super.doPost(request, response);
                        return;
                    }
                }
            } catch (JwtException e) {
                // Not to be believed
            }
            response.sendError(401);
        }
    }

    /** Claims that are answered with JSON. */
    @Profile(PROFILE)
    @RestController
    static final class Claims {

        /** As small as an answer can be that says something. */
        record Answer(String status, String campaignId, long serial) {}

        @PostMapping("/controller")
        Answer claim() {
            return new Answer("ISSUED", "campaign", 1);
        }
    }

    /** The design that comes to mind first. */
    @Profile(PROFILE)
    @RestController
    static final class NaiveClaims implements AutoCloseable {

        private final OneByOne redis;

        NaiveClaims(String redis) {
            this.redis = new OneByOne(redis);
        }

        @PostMapping("/naive/{campaign}")
        Map<String, String> claim(
                @PathVariable String campaign, @RequestHeader("X-User-Id") String member) {
            return redis.claim(campaign, member);
        }

        @Override
        public void close() {
            redis.close();
        }
    }
}
