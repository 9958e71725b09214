/** The ledger over HTTP, for operators. */
@NullMarked
package com.coupon.persistence.adapter.in.web;

import org.jspecify.annotations.NullMarked;
