/** What issuance must know of others, who implement it. */
@NamedInterface("spi")
@NullMarked
package com.coupon.issuance.spi;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
