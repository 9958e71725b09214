/** Both sides over HTTP, for operators. */
@NullMarked
package com.coupon.reconciliation.adapter.in.web;

import org.jspecify.annotations.NullMarked;
