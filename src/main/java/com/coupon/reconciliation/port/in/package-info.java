/** What can be asked about the two sides together. */
@NamedInterface("api")
@NullMarked
package com.coupon.reconciliation.port.in;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
