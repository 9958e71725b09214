@NullMarked
package com.coupon.architecture.violations.application;

import org.jspecify.annotations.NullMarked;
