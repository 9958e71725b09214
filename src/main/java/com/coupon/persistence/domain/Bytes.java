package com.coupon.persistence.domain;

import java.util.Arrays;

/** Bytes as they were received; nobody can change them. */
public final class Bytes {

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Bytes of(byte[] bytes) {
        return new Bytes(bytes.clone());
    }

    /** The first of them, at most so many. */
    public Bytes first(int count) {
        return count < bytes.length ? new Bytes(Arrays.copyOf(bytes, count)) : this;
    }

    public byte[] toArray() {
        return bytes.clone();
    }

    public int length() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes its && Arrays.equals(bytes, its.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
