@NullMarked
package com.coupon.architecture.violations.domain;

import org.jspecify.annotations.NullMarked;
