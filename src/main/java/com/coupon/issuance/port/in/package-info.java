/** What can be asked of issuance. */
@NamedInterface("api")
@NullMarked
package com.coupon.issuance.port.in;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
