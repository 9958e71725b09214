package com.coupon.shared.web;

import com.coupon.shared.ConsumerRole;
import com.coupon.shared.web.ConsoleProperties.SignIn;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operators' console, {@code /console}. There is nothing of it on this side but what the page
 * is told here: all that it shows and does goes through the admin API.
 */
@ConsumerRole
final class ConsolePage extends Page {

    private static final Map<String, String> LIBRARIES =
            Map.of("chart.js", "META-INF/resources/webjars/chart.js/*/dist/chart.umd.min.js");

    ConsolePage(ConsoleProperties properties) {
        super("console", "/console", settings(properties.signIn()), LIBRARIES, asks(properties));
    }

    /** Nothing of a sign-in where there is none: the page then asks for a token, or for a name. */
    private static Map<String, String> settings(@Nullable SignIn signIn) {
        return signIn == null
                ? Map.of("authorization-uri", "", "token-uri", "", "client-id", "", "scopes", "")
                : Map.of(
                        "authorization-uri",
                        signIn.authorizationUri().toString(),
                        "token-uri",
                        signIn.tokenUri().toString(),
                        "client-id",
                        signIn.clientId(),
                        "scopes",
                        String.join(" ", signIn.scopes()));
    }

    private static Set<URI> asks(ConsoleProperties properties) {
        return properties.signIn() == null ? Set.of() : Set.of(properties.signIn().tokenUri());
    }
}
