/** The gateway in front of the service, with the NGINX of this machine. */
@NullMarked
package com.coupon.gateway;

import org.jspecify.annotations.NullMarked;
