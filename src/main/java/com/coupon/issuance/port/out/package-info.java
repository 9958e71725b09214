/** What issuance needs from Redis, Kafka and PostgreSQL. */
@NullMarked
package com.coupon.issuance.port.out;

import org.jspecify.annotations.NullMarked;
