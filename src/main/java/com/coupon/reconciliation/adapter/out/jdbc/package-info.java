/** Runs and findings in PostgreSQL. */
@NullMarked
package com.coupon.reconciliation.adapter.out.jdbc;

import org.jspecify.annotations.NullMarked;
