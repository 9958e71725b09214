package com.coupon.architecture.violations.domain;

import org.springframework.http.HttpStatus;

/** Breaks the rule that the domain knows only Java. */
record DomainThatKnowsSpring(HttpStatus status) {}
