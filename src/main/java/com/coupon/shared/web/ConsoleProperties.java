package com.coupon.shared.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code coupon.console}: what the operators' console is told.
 *
 * @param signIn where operators sign in by OAuth 2 (authorization code with PKCE); where it is left
 *     out and tokens count, the console has them pasted
 */
@ConfigurationProperties("coupon.console")
@Validated
record ConsoleProperties(@Nullable @Valid SignIn signIn) {

    /**
     * @param authorizationUri the issuer's authorization endpoint, to which operators are sent
     * @param tokenUri the issuer's token endpoint, which the page itself asks; the issuer has to
     *     allow that to the console's origin (CORS), and the page may ask no other
     * @param clientId of the console at the issuer, a public client whose redirect URI is the
     *     address of the console
     * @param scopes what the console asks for
     */
    record SignIn(
            @NotNull URI authorizationUri,
            @NotNull URI tokenUri,
            @NotNull @Size(min = 1, max = 256) String clientId,
            @DefaultValue("coupon.admin") @Size(min = 1, max = 16)
                    List<@Pattern(regexp = "[!#-\\[\\]-~]{1,128}") String> scopes) {

        SignIn {
            requireSafe("authorization-uri", authorizationUri);
            requireSafe("token-uri", tokenUri);
        }

        /** Plain HTTP is for the machine of a developer. */
        private static void requireSafe(String name, @Nullable URI address) {
            if (address == null) {
                return; // what is missing is for the validator to tell
            }
            boolean loopback =
                    "localhost".equals(address.getHost()) || "127.0.0.1".equals(address.getHost());
            boolean safe =
                    "https".equals(address.getScheme())
                            || ("http".equals(address.getScheme()) && loopback);
            if (!safe || address.getHost() == null || address.getFragment() != null) {
                throw new IllegalArgumentException(
                        name + ": '" + address + "' is no address that begins with https://");
            }
        }
    }
}
