/** What can be asked of the ledger. */
@NamedInterface("api")
@NullMarked
package com.coupon.persistence.port.in;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
