package com.coupon.shared.web;

import jakarta.validation.Valid;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code coupon.security}: how callers are known. Tokens are configured by {@code
 * spring.security.oauth2.resourceserver.jwt}.
 *
 * @param identity who is believed instead of tokens; nobody, where it is left out
 * @param jwks how the keys of the token issuer are fetched
 */
@ConfigurationProperties("coupon.security")
@Validated
record SecurityProperties(@Nullable IdentitySource identity, @Valid @DefaultValue Jwks jwks) {

    /** Who is believed. */
    enum IdentitySource {
        /** The headers of a gateway that removes them from what clients send. */
        HEADER
    }

    /**
     * @param connectTimeout how long connecting to the issuer may take
     * @param readTimeout how long the issuer may stay silent
     * @param cache how long fetched keys are used before they are fetched again, which happens
     *     ahead of time and beside the requests
     * @param keepInOutage how long the last keys are used while the issuer cannot be reached
     * @param refetchInterval in each of these, keys are fetched at most twice, however many tokens
     *     name a key that is not known
     */
    record Jwks(
            @DefaultValue("1s") @DurationMin(millis = 10) @DurationMax(seconds = 5)
                    Duration connectTimeout,
            @DefaultValue("1s") @DurationMin(millis = 10) @DurationMax(seconds = 5)
                    Duration readTimeout,
            @DefaultValue("5m") @DurationMin(minutes = 1) @DurationMax(hours = 1) Duration cache,
            @DefaultValue("1h") @DurationMin(minutes = 1) @DurationMax(days = 1)
                    Duration keepInOutage,
            @DefaultValue("5s") @DurationMin(millis = 100) @DurationMax(minutes = 5)
                    Duration refetchInterval) {}
}
