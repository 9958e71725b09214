/** What modules do for {@code shared}, which knows none of them. */
@NamedInterface("spi")
@NullMarked
package com.coupon.shared.spi;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
