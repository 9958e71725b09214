/** What the pages for people must agree on, among themselves. */
@NullMarked
package com.coupon.documentation;

import org.jspecify.annotations.NullMarked;
