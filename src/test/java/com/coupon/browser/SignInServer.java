package com.coupon.browser;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.provisioning.UserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

/**
 * An issuer at which people sign in with a form: Spring Authorization Server, as an application of
 * its own on a port of its own. Everybody's password is {@value #PASSWORD}; {@value #OPERATOR} is
 * an operator, {@value #CLERK} is not.
 */
final class SignInServer implements AutoCloseable {

    static final String OPERATOR = "olga";
    static final String CLERK = "carl";
    static final String PASSWORD = "secret";
    static final String CLIENT = "coupon-console";
    static final String AUDIENCE = "coupon";
    static final String SCOPE = "coupon.admin";

    /** What the service allows clocks to differ by. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final ServletWebServerApplicationContext context;
    private final Registration registration;

    SignInServer() {
        var application = new SpringApplication(Setup.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        // neither the guards of the service nor its settings
        application.setInitializers(List.of());
        application.setAdditionalProfiles("sign-in-server");
        context =
                (ServletWebServerApplicationContext)
                        application.run(
                                "--spring.config.location=optional:classpath:/sign-in-server/",
                                "--spring.main.banner-mode=off",
                                "--logging.level.root=warn");
        registration = context.getBean(Registration.class);
    }

    /** Not the name of the service, so that the cookies of the two do not meet. */
    String address() {
        return "http://127.0.0.1:" + Objects.requireNonNull(context.getWebServer()).getPort();
    }

    /** The console is there from now on. */
    void register(String redirectUri) {
        registration.redirectUri = redirectUri;
    }

    /** How long tokens count at the service that are issued from now on. */
    void issuesTokensFor(Duration life) {
        registration.life = life;
    }

    @Override
    public void close() {
        context.close();
    }

    /** What changes while it runs. */
    static final class Registration implements RegisteredClientRepository {

        private volatile String redirectUri = "http://localhost/console";
        private volatile Duration life = Duration.ofMinutes(10);

        @Override
        public void save(RegisteredClient client) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable RegisteredClient findById(String id) {
            return findByClientId(id);
        }

        @Override
        public @Nullable RegisteredClient findByClientId(String id) {
            return new InMemoryRegisteredClientRepository(
                            RegisteredClient.withId(CLIENT)
                                    .clientId(CLIENT)
                                    .clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
                                    .authorizationGrantType(
                                            AuthorizationGrantType.AUTHORIZATION_CODE)
                                    .redirectUri(redirectUri)
                                    .scope(SCOPE)
                                    .clientSettings(
                                            ClientSettings.builder().requireProofKey(true).build())
                                    .build())
                    .findByClientId(id);
        }
    }

    @EnableWebSecurity
    static class Setup {

        @Bean
        TomcatServletWebServerFactory server() {
            var factory = new TomcatServletWebServerFactory(0);
            factory.setAddress(InetAddress.getLoopbackAddress());
            factory.setRegisterDefaultServlet(true); // filters need one to stand before
            return factory;
        }

        @Bean
        Registration registration() {
            return new Registration();
        }

        @Bean
        UserDetailsService people() {
            UserDetailsManager people = new InMemoryUserDetailsManager();
            for (String name : List.of(OPERATOR, CLERK)) {
                people.createUser(
                        User.withUsername(name)
                                .password("{noop}" + PASSWORD)
                                .roles("USER")
                                .build());
            }
            return people;
        }

        @Bean
        JWKSource<SecurityContext> keys() throws JOSEException {
            return new ImmutableJWKSet<>(
                    new JWKSet(
                            new RSAKeyGenerator(2048)
                                    .keyID("one")
                                    .keyUse(KeyUse.SIGNATURE)
                                    .generate()));
        }

        @Bean
        AuthorizationServerSettings settings() {
            return AuthorizationServerSettings.builder().build();
        }

        /** The scope is for operators, whoever asks for it. */
        @Bean
        OAuth2TokenCustomizer<JwtEncodingContext> tokens(Registration registration) {
            return token -> {
                Instant end = Instant.now().plus(registration.life).minus(SKEW);
                Authentication caller = token.getPrincipal();
                boolean isOperator = caller != null && caller.getName().equals(OPERATOR);
                token.getClaims()
                        .audience(List.of(AUDIENCE))
                        .claim("scope", isOperator ? Set.of(SCOPE) : Set.of())
                        .issuedAt(end.minus(Duration.ofHours(1)))
                        .notBefore(end.minus(Duration.ofHours(1)))
                        .expiresAt(end);
            };
        }

        @Bean
        UrlBasedCorsConfigurationSource corsConfigurationSource(Registration registration) {
            var source = new UrlBasedCorsConfigurationSource();
            var console = new CorsConfiguration();
            console.setAllowedOriginPatterns(List.of("http://localhost:*"));
            console.setAllowedMethods(List.of("POST"));
            source.registerCorsConfiguration("/oauth2/token", console);
            return source;
        }

        @Bean
        @Order(1)
        SecurityFilterChain authorization(HttpSecurity http) throws Exception {
            return http.oauth2AuthorizationServer(
                            server -> http.securityMatcher(server.getEndpointsMatcher()))
                    .cors(Customizer.withDefaults())
                    .authorizeHttpRequests(all -> all.anyRequest().authenticated())
                    .exceptionHandling(refusals ->
                            refusals.authenticationEntryPoint((request, response, failure) ->
                                    response.sendRedirect("/login")))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain form(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(all -> all.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }
    }
}
