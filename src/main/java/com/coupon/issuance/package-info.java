/**
 * The decision: campaigns, and who wins their coupons.
 *
 * <p>Redis decides by one atomic script that also writes each winner to an outbox; the relay
 * carries the outbox to Kafka. Owns the tables {@code coupons}, {@code campaigns}, {@code
 * stock_adjustments} and {@code eligible_members}. Other modules use {@code port.in} and {@link
 * com.coupon.issuance.IssuedCoupon}, and implement {@code spi}.
 */
@ApplicationModule(
        displayName = "Issuance",
        allowedDependencies = {"shared", "shared::web", "shared::audit", "shared::spi"})
@NullMarked
package com.coupon.issuance;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
