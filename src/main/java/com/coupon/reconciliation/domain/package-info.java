/** What it means that two sides agree, and in which ways they may not. */
@NullMarked
package com.coupon.reconciliation.domain;

import org.jspecify.annotations.NullMarked;
