/** The ledger in PostgreSQL. */
@NullMarked
package com.coupon.persistence.adapter.out.jdbc;

import org.jspecify.annotations.NullMarked;
