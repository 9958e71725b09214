/** Members who are to be forgotten. */
@NullMarked
package com.coupon.shared.erasure;

import org.jspecify.annotations.NullMarked;
