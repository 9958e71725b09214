/**
 * Faults on real servers and processes, and the proof that nobody is told a false yes by any of
 * them: clients claim before, during and after a fault, and what they saw is held against the
 * ledger.
 */
@NullMarked
package com.coupon.faults;

import org.jspecify.annotations.NullMarked;
