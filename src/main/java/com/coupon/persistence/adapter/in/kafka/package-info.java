/** Issued coupons as they come from Kafka. */
@NullMarked
package com.coupon.persistence.adapter.in.kafka;

import org.jspecify.annotations.NullMarked;
