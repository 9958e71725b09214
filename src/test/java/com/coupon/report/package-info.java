/** Pages that show what was measured, to be sent to somebody who was not there. */
@NullMarked
package com.coupon.report;

import org.jspecify.annotations.NullMarked;
