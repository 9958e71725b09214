/** The threads that drive the steps of the application; the only place that has any. */
@NullMarked
package com.coupon.issuance.adapter.in.loop;

import org.jspecify.annotations.NullMarked;
