/**
 * A crowd of distinct members that each claim one coupon over HTTP from a running service, and the
 * tally that proves what came out of it.
 */
@NullMarked
package com.coupon.crowd;

import org.jspecify.annotations.NullMarked;
