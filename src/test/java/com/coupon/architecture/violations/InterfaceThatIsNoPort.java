package com.coupon.architecture.violations;

/** Breaks the rule that interfaces are ports. */
interface InterfaceThatIsNoPort {}
