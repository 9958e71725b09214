/** Rows of the ledger, in plain Java. */
@NullMarked
package com.coupon.persistence.domain;

import org.jspecify.annotations.NullMarked;
