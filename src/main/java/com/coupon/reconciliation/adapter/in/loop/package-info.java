/** The thread that executes reconciliations. */
@NullMarked
package com.coupon.reconciliation.adapter.in.loop;

import org.jspecify.annotations.NullMarked;
