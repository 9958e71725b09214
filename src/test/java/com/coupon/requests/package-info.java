/** Sends the files of the folder {@code http} at a running service and checks what it answers. */
@NullMarked
package com.coupon.requests;

import org.jspecify.annotations.NullMarked;
