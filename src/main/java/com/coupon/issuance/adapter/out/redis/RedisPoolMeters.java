package com.coupon.issuance.adapter.out.redis;

import com.coupon.shared.EveryRole;
import io.micrometer.core.instrument.binder.commonspool2.CommonsObjectPool2Metrics;

/** Meters of the pools of connections to Redis, as those show themselves to JMX. */
@EveryRole
final class RedisPoolMeters extends CommonsObjectPool2Metrics {}
