/** The pages, in a real Chromium of this machine. */
@NullMarked
package com.coupon.browser;

import org.jspecify.annotations.NullMarked;
