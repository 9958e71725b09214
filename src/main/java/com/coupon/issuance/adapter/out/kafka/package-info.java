/** Issued coupons as events on Kafka. */
@NullMarked
package com.coupon.issuance.adapter.out.kafka;

import org.jspecify.annotations.NullMarked;
