/** The structure of the application, as rules that are tested. */
@NullMarked
package com.coupon.architecture;

import org.jspecify.annotations.NullMarked;
