/** What reconciliation needs of the outside. */
@NullMarked
package com.coupon.reconciliation.port.out;

import org.jspecify.annotations.NullMarked;
