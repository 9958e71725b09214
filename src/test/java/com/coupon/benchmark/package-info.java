/**
 * How fast the service is beside what the same machine does with the same libraries and nothing
 * else, and what it does when it is asked for more than it can. Servers, service, comparison and
 * load are processes of their own.
 */
@NullMarked
package com.coupon.benchmark;

import org.jspecify.annotations.NullMarked;
