/** What reconciliation does from time to time. */
@NullMarked
package com.coupon.reconciliation.adapter.in.schedule;

import org.jspecify.annotations.NullMarked;
