/** The whole service on one machine, for a first look. */
@NullMarked
package com.coupon.local;

import org.jspecify.annotations.NullMarked;
