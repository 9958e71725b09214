package com.coupon.shared.web;

import jakarta.validation.constraints.NotNull;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * {@code coupon.security}: how callers are known.
 *
 * @param identity must be chosen; there is no default, so that no process trusts anybody by
 *     accident
 */
@ConfigurationProperties("coupon.security")
@Validated
record SecurityProperties(
        @NotNull(
                        message =
                                "must be chosen: 'header' believes the X-User-Id and X-User-Scopes of a trusted gateway")
                IdentitySource identity) {

    /** Who is believed. */
    enum IdentitySource {
        /** The headers of a gateway that removes them from what clients send. */
        HEADER
    }
}
