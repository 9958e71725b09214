/** Issuance on Redis: stock, arming and outbox, on a single server, Sentinel or Cluster. */
@NullMarked
package com.coupon.issuance.adapter.out.redis;

import org.jspecify.annotations.NullMarked;
