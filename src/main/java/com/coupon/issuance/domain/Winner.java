package com.coupon.issuance.domain;

import com.coupon.issuance.IssuedCoupon;

/**
 * Whoever won a coupon.
 *
 * @param revoked whether it was taken back
 */
public record Winner(IssuedCoupon coupon, boolean revoked) {}
