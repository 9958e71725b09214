/** How soon a process is ready: its AOT cache, and what it saves. */
@NullMarked
package com.coupon.start;

import org.jspecify.annotations.NullMarked;
