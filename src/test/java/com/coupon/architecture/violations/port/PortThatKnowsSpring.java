package com.coupon.architecture.violations.port;

import org.springframework.http.HttpStatus;

/** Breaks the rule that ports know only the domain. */
interface PortThatKnowsSpring {

    HttpStatus status();
}
