@NullMarked
package com.coupon.architecture.violations.adapter.in.two;

import org.jspecify.annotations.NullMarked;
