/**
 * What clients saw, what operators did and what the ledger holds in the end, and the rules that all
 * of it has to fit. Plain Java: a simulation and runs on real servers write the same history.
 */
@NullMarked
package com.coupon.history;

import org.jspecify.annotations.NullMarked;
