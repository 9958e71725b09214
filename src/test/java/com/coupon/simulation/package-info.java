/**
 * The whole path from the claim to the ledger, on servers, a topic, a database and a crowd that are
 * made up, and that fail. One seed decides everything that happens, so each run can be repeated.
 */
@NullMarked
package com.coupon.simulation;

import org.jspecify.annotations.NullMarked;
