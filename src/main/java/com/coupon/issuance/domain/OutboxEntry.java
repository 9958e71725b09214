package com.coupon.issuance.domain;

import com.coupon.issuance.IssuedCoupon;

/**
 * An issued coupon that is not yet known to be in Kafka.
 *
 * @param home where it was written or read; elsewhere the id may be another entry's
 * @param id names the entry within its campaign's outbox
 */
public record OutboxEntry(String home, String id, IssuedCoupon coupon) {}
