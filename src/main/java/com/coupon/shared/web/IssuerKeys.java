package com.coupon.shared.web;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetSourceWrapper;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.ResourceRetriever;
import java.net.URL;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of the token issuer (RFC 7517). They are fetched when first needed, kept, and
 * renewed ahead of time; no request waits longer for them than the time-outs say, and while the
 * issuer is away the last ones serve on. Thread-safe.
 */
final class IssuerKeys implements JWKSource<SecurityContext> {

    private static final int MAX_BYTES = 64 * 1024;

    private final JWKSetSource<SecurityContext> published;
    private final Clock clock;

    /** Whether the issuer could not be reached when it was last tried. */
    private volatile boolean away;

    IssuerKeys(URL url, SecurityProperties.Jwks properties, Clock clock) {
        Duration fetch = properties.connectTimeout().plus(properties.readTimeout());
        var source =
                JWKSourceBuilder.create(
                                new Fetching(
                                        url,
                                        new DefaultResourceRetriever(
                                                Math.toIntExact(
                                                        properties.connectTimeout().toMillis()),
                                                Math.toIntExact(
                                                        properties.readTimeout().toMillis()),
                                                MAX_BYTES)))
                        .outageTolerant(properties.keepInOutage().toMillis())
                        .rateLimited(properties.refetchInterval().toMillis())
                        .cache(properties.cache().toMillis(), fetch.toMillis())
                        .refreshAheadCache(properties.cache().dividedBy(2).toMillis(), false)
                        .build();
        this.published = ((JWKSetBasedJWKSource<SecurityContext>) source).getJWKSetSource();
        this.clock = clock;
    }

    /**
     * A key that is not known is looked for once more. Where that was done too often of late, the
     * key is taken for unknown: anybody can make up names of keys.
     *
     * @throws KeySourceException if no keys are to be had, or if the issuer cannot be asked for one
     *     that is not known
     */
    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context)
            throws KeySourceException {
        JWKSet known = keys(JWKSetCacheRefreshEvaluator.noRefresh(), context);
        List<JWK> matching = selector.select(known);
        if (!matching.isEmpty()) {
            return matching;
        }
        try {
            matching =
                    selector.select(
                            keys(JWKSetCacheRefreshEvaluator.referenceComparison(known), context));
        } catch (RateLimitReachedException e) {
            // it remains unknown
        }
        if (matching.isEmpty() && away) {
            throw new JWKSetUnavailableException("The issuer cannot be asked for the key.");
        }
        return matching;
    }

    private JWKSet keys(JWKSetCacheRefreshEvaluator refresh, @Nullable SecurityContext context)
            throws KeySourceException {
        return published.getJWKSet(refresh, clock.millis(), context);
    }

    private final class Fetching extends JWKSetSourceWrapper<SecurityContext> {

        Fetching(URL url, ResourceRetriever retriever) {
            super(new URLBasedJWKSetSource<>(url, retriever));
        }

        @Override
        public JWKSet getJWKSet(
                JWKSetCacheRefreshEvaluator refresh, long now, @Nullable SecurityContext context)
                throws KeySourceException {
            away = true;
            JWKSet keys = getSource().getJWKSet(refresh, now, context);
            away = false;
            return keys;
        }
    }
}
