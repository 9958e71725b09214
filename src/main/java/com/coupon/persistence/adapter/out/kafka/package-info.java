/** Records that are published once more. */
@NullMarked
package com.coupon.persistence.adapter.out.kafka;

import org.jspecify.annotations.NullMarked;
