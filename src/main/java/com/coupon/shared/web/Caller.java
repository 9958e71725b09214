package com.coupon.shared.web;

import com.coupon.shared.MemberId;

/**
 * Whoever sent a request. As a parameter of a controller's method it makes the request need an
 * identity.
 */
public record Caller(MemberId member) {}
