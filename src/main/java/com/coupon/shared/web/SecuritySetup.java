package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import jakarta.servlet.http.HttpServletRequest;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Clock;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Spring Security, for all but the {@link PublicRoutes}: operators alone get to the admin API, and
 * what nobody has opened is not there. It has no sessions, and so needs no protection against
 * requests that other sites forge.
 */
@EveryRole
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OAuth2ResourceServerProperties.class)
final class SecuritySetup {

    private static final RequestMatcher ADMIN =
            PathPatternRequestMatcher.pathPattern("/api/v1/admin/**");

    private static final RequestMatcher DOCUMENT =
            new OrRequestMatcher(
                    Stream.of(
                                    "/v3/api-docs",
                                    "/v3/api-docs.yaml",
                                    "/v3/api-docs/**",
                                    "/swagger-ui.html",
                                    "/swagger-ui/**")
                            .<RequestMatcher>map(path ->
                                    PathPatternRequestMatcher.pathPattern(HttpMethod.GET, path))
                            .toList());

    @Bean
    Identity identity(SecurityProperties properties, OAuth2ResourceServerProperties tokens)
            throws MalformedURLException {
        if (properties.identity() == SecurityProperties.IdentitySource.HEADER) {
            return new HeaderIdentity();
        }
        var keys =
                new IssuerKeys(
                        URI.create(tokens.getJwt().getJwkSetUri()).toURL(),
                        properties.jwks(),
                        Clock.systemUTC());
        return new TokenIdentity(tokens.getJwt(), keys);
    }

    @Bean
    @Order(1)
    SecurityFilterChain admin(HttpSecurity http, Identity identity, RateLimits limits)
            throws Exception {
        AuthenticationEntryPoint unauthenticated =
                (request, response, failure) -> {
                    limits.admitStranger(request, response);
                    throw identity.unauthenticated(failure);
                };
        withoutState(http)
                .securityMatcher(
                        request -> !PublicRoutes.isPublic(request) && ADMIN.matches(request))
                .authorizeHttpRequests(
                        routes -> routes.anyRequest().hasAuthority(Identity.SCOPE + Identity.ADMIN))
                .exceptionHandling(refusals ->
                        refusals.authenticationEntryPoint(unauthenticated)
                                .accessDeniedHandler((request, response, failure) -> {
                                    limits.admitStranger(request, response); // no operator
                                    throw identity.forbidden();
                                }));
        identity.authenticate(http, unauthenticated);
        return http.build();
    }

    /**
     * On the port of management, three endpoints; on the other, the API document, where it is
     * served, and the page that shows it in a local run.
     */
    @Bean
    @Order(2)
    SecurityFilterChain whatIsLeft(HttpSecurity http, RateLimits limits) throws Exception {
        return withoutState(http)
                .securityMatcher(request -> !PublicRoutes.isPublic(request))
                .authorizeHttpRequests(routes ->
                        routes.requestMatchers(EndpointRequest.to("health", "info", "prometheus"))
                                .permitAll()
                                .requestMatchers(DOCUMENT)
                                .permitAll()
                                .anyRequest()
                                .denyAll())
                .exceptionHandling(refusals ->
                        refusals.authenticationEntryPoint((request, response, failure) -> {
                            limits.admitStranger(request, response);
                            throw new ProblemException(ProblemCode.NOT_FOUND);
                        }))
                .build();
    }

    /** Members' requests pass as they are; their paths were matched, and nothing else is read. */
    @Bean
    HttpFirewall firewall() {
        return new StrictHttpFirewall() {
            @Override
            public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
                return PublicRoutes.isPublic(request)
                        ? new FirewalledRequest(request) {
                            @Override
                            public void reset() {}
                        }
                        : super.getFirewalledRequest(request);
            }
        };
    }

    @Bean
    RequestRejectedHandler rejected() {
        return (request, response, failure) ->
                ProblemWriter.write(
                        new ProblemException(ProblemCode.INVALID_REQUEST), request, response);
    }

    private static HttpSecurity withoutState(HttpSecurity http) throws Exception {
        return http.sessionManagement(
                        sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                // strict transport is for the gateway to ask for, which ends TLS
                .headers(headers ->
                        headers.httpStrictTransportSecurity(HeadersConfigurer.HstsConfig::disable))
                // the filter of the same name is not there on the port of management
                .addFilterBefore(new ProblemFilter(), HeaderWriterFilter.class);
    }
}
