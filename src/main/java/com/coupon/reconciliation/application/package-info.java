/** The use cases that need to see both sides. */
@NullMarked
package com.coupon.reconciliation.application;

import org.jspecify.annotations.NullMarked;
