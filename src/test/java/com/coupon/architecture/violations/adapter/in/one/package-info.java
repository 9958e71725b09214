@NullMarked
package com.coupon.architecture.violations.adapter.in.one;

import org.jspecify.annotations.NullMarked;
