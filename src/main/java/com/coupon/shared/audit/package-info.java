/** The record of what operators did. */
@NamedInterface("audit")
@NullMarked
package com.coupon.shared.audit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
