/** What the ledger is kept in. */
@NullMarked
package com.coupon.persistence.port.out;

import org.jspecify.annotations.NullMarked;
