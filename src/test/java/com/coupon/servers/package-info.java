/** The real servers that tests and the local run work with. */
@NullMarked
package com.coupon.servers;

import org.jspecify.annotations.NullMarked;
