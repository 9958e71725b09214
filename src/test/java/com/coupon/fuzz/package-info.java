/** Hostile requests, made from the API document, and what no answer to them may be. */
@NullMarked
package com.coupon.fuzz;

import org.jspecify.annotations.NullMarked;
