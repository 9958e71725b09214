/** First come, first served coupons: the application and its modules. */
@NullMarked
package com.coupon;

import org.jspecify.annotations.NullMarked;
