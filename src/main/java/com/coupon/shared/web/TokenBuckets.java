package com.coupon.shared.web;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;

/**
 * One bucket for each of many keys, in bounded memory. Thread-safe.
 *
 * <p>A bucket that was idle for long enough to be full is forgotten, which changes nothing. Where
 * there are more keys than are remembered, the least used ones give way, and as long as that goes
 * on, a bucket that is new starts with a single token. So nobody gets a full bucket back by pushing
 * their own out.
 */
final class TokenBuckets<K> {

    private final LoadingCache<K, Bucket> buckets;
    private final TimeMeter time;
    private final long windowNanos;
    private final String policy;
    private final String quotedName;

    private volatile long lastPushedOut;

    /**
     * @param name of the policy, as clients read it
     * @param capacity tokens of a full bucket
     * @param refill tokens that flow back in each period, evenly
     * @param maxKeys buckets that are remembered
     */
    TokenBuckets(
            String name, long capacity, long refill, Duration period, int maxKeys, TimeMeter time) {
        Duration window = Duration.ofNanos(fill(capacity, refill, period));
        this.time = time;
        this.windowNanos = window.toNanos();
        this.lastPushedOut = time.currentTimeNanos() - windowNanos - 1;
        this.quotedName = '"' + name + '"';
        this.policy = quotedName + ";q=" + capacity + ";w=" + seconds(windowNanos);
        Bandwidth full = bandwidth(capacity, refill, period, capacity);
        Bandwidth scarce = bandwidth(capacity, refill, period, 1);
        this.buckets =
                Caffeine.newBuilder()
                        .maximumSize(maxKeys)
                        .expireAfterAccess(window)
                        .ticker(time::currentTimeNanos)
                        .evictionListener((key, bucket, cause) -> {
                            if (cause == RemovalCause.SIZE) {
                                lastPushedOut = time.currentTimeNanos();
                            }
                        })
                        .build(key -> bucket(isCrowded() ? scarce : full));
    }

    /** How long an empty bucket takes to be full. */
    private static long fill(long capacity, long refill, Duration period) {
        return Math.max(1, Math.ceilDiv(Math.multiplyExact(period.toNanos(), capacity), refill));
    }

    private static Bandwidth bandwidth(long capacity, long refill, Duration period, long tokens) {
        return Bandwidth.builder()
                .capacity(capacity)
                .refillGreedy(refill, period)
                .initialTokens(tokens)
                .build();
    }

    private Bucket bucket(Bandwidth limit) {
        return Bucket.builder().addLimit(limit).withCustomTimePrecision(time).build();
    }

    private boolean isCrowded() {
        return time.currentTimeNanos() - lastPushedOut <= windowNanos;
    }

    /**
     * Takes a token and tells the client how many are left (draft-ietf-httpapi-ratelimit-headers).
     *
     * @throws ProblemException if there is none
     */
    void take(K key, HttpServletResponse response) {
        ConsumptionProbe probe = buckets.get(key).tryConsumeAndReturnRemaining(1);
        response.setHeader("RateLimit-Policy", policy);
        response.setHeader(
                "RateLimit",
                quotedName
                        + ";r="
                        + probe.getRemainingTokens()
                        + ";t="
                        + seconds(probe.getNanosToWaitForReset()));
        if (!probe.isConsumed()) {
            throw new ProblemException(ProblemCode.RATE_LIMITED)
                    .retryAfter(Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }
    }

    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, 1_000_000_000L);
    }

    /** Buckets in memory. */
    long size() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }
}
