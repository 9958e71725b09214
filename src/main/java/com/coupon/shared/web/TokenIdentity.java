package com.coupon.shared.web;

import com.coupon.shared.InvalidValueException;
import com.coupon.shared.MemberId;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.BearerTokenErrorCodes;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.web.AuthenticationEntryPoint;

/**
 * Knows callers by signed access tokens (RFC 6750, RFC 9068): the member is the {@code sub}. Why a
 * token was refused is not told beyond the error codes of RFC 6750.
 */
final class TokenIdentity extends Identity {

    private static final Logger log = LoggerFactory.getLogger(TokenIdentity.class);

    private static final String SCHEME = "Bearer";

    private final NimbusJwtDecoder decoder;
    private final BearerTokenResolver inHeader = new DefaultBearerTokenResolver();

    TokenIdentity(OAuth2ResourceServerProperties.Jwt properties, JWKSource<SecurityContext> keys) {
        this.decoder =
                NimbusJwtDecoder.withJwkSource(keys)
                        .jwsAlgorithms(algorithms ->
                                properties.getJwsAlgorithms().stream()
                                        .map(SignatureAlgorithm::from)
                                        .forEach(algorithms::add))
                        .build();
        String issuer = Objects.requireNonNull(properties.getIssuerUri());
        decoder.setJwtValidator(validator(issuer, properties.getAudiences()));
        log.info("Identity is by tokens of {}.", issuer);
    }

    private static OAuth2TokenValidator<Jwt> validator(String issuer, List<String> audiences) {
        var expiry = new JwtTimestampValidator();
        expiry.setAllowEmptyExpiryClaim(false);
        var type = new JwtTypeValidator("JWT", "at+jwt");
        type.setAllowEmpty(true);
        return new DelegatingOAuth2TokenValidator<>(
                type,
                expiry,
                new JwtIssuerValidator(issuer),
                new JwtClaimValidator<List<String>>(
                        JwtClaimNames.AUD,
                        audience ->
                                audience != null
                                        && audience.stream().anyMatch(audiences::contains)),
                new JwtClaimValidator<String>(JwtClaimNames.SUB, TokenIdentity::isMember));
    }

    private static boolean isMember(@Nullable String subject) {
        try {
            return subject != null && !new MemberId(subject).value().isEmpty();
        } catch (InvalidValueException e) {
            return false;
        }
    }

    @Override
    Caller identify(HttpServletRequest request) {
        try {
            String token = token(request);
            if (token == null) {
                throw unauthenticated(null);
            }
            return new Caller(new MemberId(Objects.requireNonNull(decode(token).getSubject())));
        } catch (OAuth2AuthenticationException e) {
            throw unauthenticated(e);
        } catch (BadJwtException e) {
            throw challenge(ProblemCode.UNAUTHENTICATED, BearerTokenErrorCodes.INVALID_TOKEN);
        }
    }

    private @Nullable String token(HttpServletRequest request) {
        try {
            return single(request, HttpHeaders.AUTHORIZATION) == null
                    ? null
                    : inHeader.resolve(request);
        } catch (ProblemException repeated) {
            repeated.getHeaders()
                    .set(
                            HttpHeaders.WWW_AUTHENTICATE,
                            error(BearerTokenErrorCodes.INVALID_REQUEST));
            throw repeated;
        }
    }

    /**
     * @throws BadJwtException if the token is not to be believed
     * @throws ProblemException if that cannot be found out now
     */
    private Jwt decode(String token) {
        try {
            return decoder.decode(token);
        } catch (BadJwtException e) {
            throw e;
        } catch (JwtException e) {
            if (!(NestedExceptionUtils.getMostSpecificCause(e)
                    instanceof RateLimitReachedException)) {
                log.warn("The keys of the issuer are not to be had: {}", e.getMessage());
            }
            throw new ProblemException(ProblemCode.UNAVAILABLE);
        }
    }

    @Override
    void authenticate(HttpSecurity http, AuthenticationEntryPoint refusal) throws Exception {
        http.oauth2ResourceServer(tokens ->
                tokens.bearerTokenResolver(this::token)
                        .authenticationEntryPoint(refusal)
                        .jwt(jwt -> jwt.decoder(this::decode)));
    }

    @Override
    ProblemException unauthenticated(@Nullable AuthenticationException failure) {
        if (!(failure instanceof OAuth2AuthenticationException refused)) {
            return challenge(ProblemCode.UNAUTHENTICATED, null);
        }
        String code = refused.getError().getErrorCode();
        return challenge(
                code.equals(BearerTokenErrorCodes.INVALID_REQUEST)
                        ? ProblemCode.INVALID_REQUEST
                        : ProblemCode.UNAUTHENTICATED,
                code);
    }

    @Override
    ProblemException forbidden() {
        return challenge(ProblemCode.FORBIDDEN, BearerTokenErrorCodes.INSUFFICIENT_SCOPE);
    }

    private static ProblemException challenge(ProblemCode code, @Nullable String error) {
        var problem = new ProblemException(code);
        problem.getHeaders()
                .set(HttpHeaders.WWW_AUTHENTICATE, error == null ? SCHEME : error(error));
        return problem;
    }

    private static String error(String code) {
        return SCHEME + " error=\"" + code + '"';
    }
}
