/** The use cases of the ledger. */
@NullMarked
package com.coupon.persistence.application;

import org.jspecify.annotations.NullMarked;
