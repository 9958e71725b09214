/** What infra names of the service is there, and each alert is tested and explained. */
@NullMarked
package com.coupon.observability;

import org.jspecify.annotations.NullMarked;
