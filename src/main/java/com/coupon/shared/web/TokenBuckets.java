package com.coupon.shared.web;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * One bucket for each of many keys, in memory of a fixed size: a table of small groups, as a cache
 * of a processor is. Thread-safe.
 *
 * <p>Whose bucket is full need not be remembered, and makes room. Where a group has no room left,
 * the fullest bucket of it gives way, and as long as that goes on, a bucket that is new starts with
 * a single token. So nobody gets a full bucket back by pushing their own out.
 *
 * <p>It is our own, because each claim takes a token, nearly always of a bucket that is new; a
 * cache of objects costs several microseconds for that, as much as all else that is done for a
 * claim that is lost.
 */
final class TokenBuckets {

    private static final int WAYS = 8;
    private static final int LOCKS = 256;

    private final TokenRate rate;
    private final LongSupplier nanoTime;
    private final long origin;
    private final String policy;
    private final String quotedName;

    /** By group: the keys, 0 for none, and in the same places when their buckets are full. */
    private final long[] keys;

    private final long[] fullAt;
    private final int groups;
    private final Object[] locks = new Object[LOCKS];

    private volatile long crowdedUntil;

    /**
     * @param name of the policy, as clients read it
     * @param maxKeys buckets that are remembered, rounded up to full groups
     * @param nanoTime of which only differences mean anything
     */
    TokenBuckets(String name, TokenRate rate, int maxKeys, LongSupplier nanoTime) {
        this.rate = rate;
        this.nanoTime = nanoTime;
        this.origin = nanoTime.getAsLong();
        this.quotedName = '"' + name + '"';
        this.policy = quotedName + ";q=" + rate.capacity() + ";w=" + seconds(rate.window());
        this.groups = Math.ceilDiv(maxKeys, WAYS);
        this.keys = new long[groups * WAYS];
        this.fullAt = new long[groups * WAYS];
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new Object();
        }
    }

    /** More than 0, so that what was never used is full. */
    private long now() {
        return nanoTime.getAsLong() - origin + 1;
    }

    /**
     * Takes a token and tells the client how many are left (draft-ietf-httpapi-ratelimit-headers).
     *
     * @param key spread evenly over all numbers; keys that are the same share a bucket
     * @throws ProblemException if there is none
     */
    void take(long key, HttpServletResponse response) {
        long now = now();
        int group = (int) Long.remainderUnsigned(key, groups);
        long full;
        long later;
        synchronized (locks[group % LOCKS]) {
            int place = find(group * WAYS, key == 0 ? 1 : key, now);
            full = fullAt[place];
            later = rate.take(full, now);
            if (later != TokenRate.NONE) {
                fullAt[place] = later;
            }
        }
        boolean taken = later != TokenRate.NONE;
        long after = taken ? later : full;
        response.setHeader("RateLimit-Policy", policy);
        response.setHeader(
                "RateLimit",
                quotedName + ";r=" + rate.left(after, now) + ";t=" + seconds(after - now));
        if (!taken) {
            throw new ProblemException(ProblemCode.RATE_LIMITED)
                    .retryAfter(Duration.ofNanos(rate.untilNext(full, now)));
        }
    }

    /** The place of a key, which is made for it where it has none. */
    private int find(int first, long key, long now) {
        int fullest = first;
        for (int place = first; place < first + WAYS; place++) {
            if (keys[place] == key) {
                return place;
            }
            if (fullAt[place] < fullAt[fullest]) {
                fullest = place;
            }
        }
        if (fullAt[fullest] > now) {
            crowdedUntil = now + rate.window();
        }
        keys[fullest] = key;
        fullAt[fullest] = now <= crowdedUntil ? rate.scarce(now) : 0;
        return fullest;
    }

    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, 1_000_000_000L);
    }

    /** Buckets that are not full. */
    long size() {
        long now = now();
        long size = 0;
        for (int group = 0; group < groups; group++) {
            synchronized (locks[group % LOCKS]) {
                for (int place = group * WAYS; place < (group + 1) * WAYS; place++) {
                    size += fullAt[place] > now ? 1 : 0;
                }
            }
        }
        return size;
    }
}
