package com.coupon.shared.web;

import com.coupon.shared.web.SecurityProperties.IdentitySource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.util.StringUtils;

/**
 * Stops a process that was not told whom to believe, or was told two things, because it would
 * believe the wrong ones or nobody.
 */
final class IdentityGuard implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final String TOKENS = "spring.security.oauth2.resourceserver.jwt.";
    private static final String BY_HEADER = "coupon.security.identity=header";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        var jwt =
                Binder.get(context.getEnvironment())
                        .bindOrCreate(
                                "spring.security.oauth2.resourceserver",
                                OAuth2ResourceServerProperties.class)
                        .getJwt();
        boolean byToken =
                StringUtils.hasText(jwt.getIssuerUri())
                        || StringUtils.hasText(jwt.getJwkSetUri())
                        || jwt.getPublicKeyLocation() != null;
        // bound as it is later, so that no way of writing it passes by here
        boolean byHeader =
                Binder.get(context.getEnvironment())
                        .bind("coupon.security.identity", IdentitySource.class)
                        .isBound();
        if (byHeader && byToken) {
            throw new UnclearIdentityException(
                    "This process was told to believe both tokens and the headers of a gateway.",
                    "Remove either " + BY_HEADER + " or the properties " + TOKENS + "*.");
        }
        if (!byHeader && !byToken) {
            throw new UnclearIdentityException(
                    "This process was not told whom to believe.",
                    "Set "
                            + TOKENS
                            + "issuer-uri, jwk-set-uri and audiences to verify tokens; or, behind a gateway that removes"
                            + " X-User-Id and X-User-Scopes from what clients send, "
                            + BY_HEADER
                            + ".");
        }
        if (byToken) {
            require(StringUtils.hasText(jwt.getIssuerUri()), "issuer-uri", "whose tokens count");
            require(
                    StringUtils.hasText(jwt.getJwkSetUri()),
                    "jwk-set-uri",
                    "where the issuer's keys are; it is not asked of the issuer, so that this process starts without it");
            require(
                    jwt.getAudiences().stream().anyMatch(StringUtils::hasText),
                    "audiences",
                    "what tokens for this service say in 'aud', so that those for others do not count");
            requireAsymmetric(jwt.getJwsAlgorithms());
        }
    }

    private static void require(boolean present, String property, String what) {
        if (!present) {
            throw new UnclearIdentityException(
                    "Tokens cannot be verified without " + TOKENS + property + ".",
                    "Set it to " + what + ".");
        }
    }

    private static void requireAsymmetric(List<String> algorithms) {
        for (String algorithm : algorithms) {
            if (SignatureAlgorithm.from(algorithm) == null) {
                throw new UnclearIdentityException(
                        "'" + algorithm + "' is no algorithm to verify tokens with.",
                        "Set "
                                + TOKENS
                                + "jws-algorithms to RS256, or to others with public keys.");
            }
        }
    }

    static final class UnclearIdentityException extends RuntimeException {

        private final String action;

        UnclearIdentityException(String what, String action) {
            super(what);
            this.action = action;
        }
    }

    static final class Analyzer extends AbstractFailureAnalyzer<UnclearIdentityException> {

        @Override
        protected @Nullable FailureAnalysis analyze(
                Throwable failure, UnclearIdentityException cause) {
            return new FailureAnalysis(cause.getMessage(), cause.action, cause);
        }
    }
}
