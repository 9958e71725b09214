package com.coupon.shared;

/** Numbers of 64 bits that stand for longer things; a few things share one. */
public final class Fingerprint {

    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Fingerprint() {}

    /**
     * FNV-1a (Fowler, Noll, Vo), mixed, because by itself it leaves ids close together that differ
     * in their last characters.
     *
     * @param salt other than 0 where it must not be known who shares a number
     */
    public static long of(String text, long salt) {
        long hash = FNV_BASIS ^ salt;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** Spreads numbers evenly: the finalizer of MurmurHash3 (Appleby), in which none is lost. */
    public static long mix(long number) {
        long mixed = (number ^ (number >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
