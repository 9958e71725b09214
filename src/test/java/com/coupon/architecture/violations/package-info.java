/**
 * Code that breaks the rules on purpose, to show that they bite. It is no part of the application.
 */
@NullMarked
package com.coupon.architecture.violations;

import org.jspecify.annotations.NullMarked;
