/** Issuance over HTTP: the public claim API and the admin API for campaigns. */
@NullMarked
package com.coupon.issuance.adapter.in.web;

import org.jspecify.annotations.NullMarked;
