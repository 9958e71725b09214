package com.coupon.issuance.domain;

/**
 * Names an allow-list that was uploaded whole.
 *
 * @param number higher for a newer one; 0 where there is none
 * @param members how many are on it
 */
public record AllowList(long number, long members) {

    public static final AllowList NONE = new AllowList(0, 0);

    /**
     * @throws IllegalArgumentException if there is a list without members, or members without one
     */
    public AllowList {
        if (number < 0 || members < 0 || (number == 0) != (members == 0)) {
            throw new IllegalArgumentException("A list has a number and members, or neither.");
        }
    }
}
