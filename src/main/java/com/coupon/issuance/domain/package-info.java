/** Campaigns and claims, in plain Java. */
@NullMarked
package com.coupon.issuance.domain;

import org.jspecify.annotations.NullMarked;
