/** What the ledger does from time to time. */
@NullMarked
package com.coupon.persistence.adapter.in.schedule;

import org.jspecify.annotations.NullMarked;
