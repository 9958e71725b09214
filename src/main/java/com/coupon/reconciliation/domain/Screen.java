package com.coupon.reconciliation.domain;

import com.coupon.issuance.IssuedCoupon;
import java.util.BitSet;

/**
 * Finds out where two streams of coupons differ, in any order, without keeping them.
 *
 * <p>Serials are divided into ranges, and of each range and side the sum of the hashes of its
 * coupons is kept: two sides with the same coupons have the same sums in whatever order they come
 * (a multiset hash by addition; Clarke, Devadas, van Dijk, Gassend and Suh, ASIACRYPT 2003). A
 * range whose sums differ is suspect and has to be looked at coupon by coupon. The hashes are of 64
 * bits and begin with a seed of the run, so that a difference is overlooked once in 2^64 times, and
 * nobody can prepare one. It is no protection from somebody who can write to both sides.
 *
 * <p>A scan of Redis may give a winner twice, which one bit for each serial tells. Memory: {@code
 * stock / 8 + stock / 64} bytes, so 1.4 MB for 10,000,000 coupons, and 141 MB for the largest
 * campaign there can be. Used by one thread.
 */
public final class Screen {

    /** Serials of a range, as a power of 2. */
    private static final int RANGE_BITS = 10;

    private final long stock;
    private final long seed;
    private final long[] sums;
    private final BitSet suspects;
    private final BitSet scanned = new BitSet();
    private boolean beyond;

    /**
     * @param stock the highest serial there can be; all beyond are suspect
     * @param seed of the hashes; another one in each run
     */
    public Screen(long stock, long seed) {
        this.stock = stock;
        this.seed = seed;
        this.sums = new long[range(stock) + 1];
        this.suspects = new BitSet(sums.length);
    }

    /** A winner, as the scan gives it. */
    public void scanned(Copy redis) {
        if (redis.serial() > stock) {
            beyond = true;
            return;
        }
        int serial = Math.toIntExact(redis.serial());
        if (scanned.get(serial)) {
            // mostly the same once more; if it is not, the range has to be looked at
            suspects.set(range(serial));
            return;
        }
        scanned.set(serial);
        sums[range(serial)] += hash(redis);
    }

    /** A row of the ledger, which gives each once. */
    public void recorded(Copy ledger) {
        if (ledger.serial() > stock) {
            beyond = true;
            return;
        }
        if (ledger.status() == Copy.Status.REVOKING) {
            suspects.set(range(ledger.serial()));
        }
        sums[range(ledger.serial())] -= hash(ledger);
    }

    /** Whether a coupon of this serial has to be looked at. */
    public boolean isSuspect(long serial) {
        return serial > stock || suspects.get(range(serial)) || sums[range(serial)] != 0;
    }

    /** Whether any coupon has to be looked at. */
    public boolean hasSuspects() {
        return beyond || next(0) >= 0;
    }

    /** The highest serial there can be, as far as this screen knows. */
    public long stock() {
        return stock;
    }

    /**
     * Goes through the ranges that have to be looked at, by ascending serial.
     *
     * @param after the last serial of the range before, or 0
     * @return the next, or {@link Range#NONE}
     */
    public Range nextSuspect(long after) {
        int next = next(after == 0 ? 0 : range(after) + 1);
        return next < 0
                ? Range.NONE
                : new Range(((long) next << RANGE_BITS) - 1, ((next + 1L) << RANGE_BITS) - 1);
    }

    /** Serials above the first and up to the last. */
    public record Range(long after, long upTo) {

        /** Of no serials. */
        public static final Range NONE = new Range(0, 0);
    }

    private int next(int from) {
        for (int i = from; i < sums.length; i++) {
            if (sums[i] != 0 || suspects.get(i)) {
                return i;
            }
        }
        return -1;
    }

    private static int range(long serial) {
        return Math.toIntExact(serial >>> RANGE_BITS);
    }

    private long hash(Copy copy) {
        IssuedCoupon coupon = copy.coupon();
        long hash = seed;
        hash = mixed(hash ^ coupon.serial());
        hash = mixed(hash ^ text(hash, coupon.member().value()));
        hash = mixed(hash ^ text(hash, coupon.code().value()));
        return copy.status() == Copy.Status.ISSUED ? hash : mixed(hash + 1);
    }

    /** FNV-1a (Fowler, Noll, Vo), which the mixing after it makes even. */
    private static long text(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
    private static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
