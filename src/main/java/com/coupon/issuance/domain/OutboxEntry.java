package com.coupon.issuance.domain;

import com.coupon.issuance.IssuedCoupon;

/**
 * An issued coupon that is not yet known to be in Kafka.
 *
 * @param id names the entry within its campaign's outbox
 */
public record OutboxEntry(String id, IssuedCoupon coupon) {}
