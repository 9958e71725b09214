/** How long a comparison of two large sides takes, beside a bare reading of both. */
@NullMarked
package com.coupon.reconciliation.benchmark;

import org.jspecify.annotations.NullMarked;
