/** The ports of issuance in memory: fakes that keep the same contracts as the real adapters. */
@NullMarked
package com.coupon.issuance.memory;

import org.jspecify.annotations.NullMarked;
