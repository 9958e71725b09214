/** The campaign catalogue in PostgreSQL. */
@NullMarked
package com.coupon.issuance.adapter.out.jdbc;

import org.jspecify.annotations.NullMarked;
