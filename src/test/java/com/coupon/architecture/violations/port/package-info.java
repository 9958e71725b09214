@NullMarked
package com.coupon.architecture.violations.port;

import org.jspecify.annotations.NullMarked;
