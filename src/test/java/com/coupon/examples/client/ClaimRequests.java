package com.coupon.examples.client;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** How many requests of the routes of claims a node has answered, whatever it said. */
record ClaimRequests(MeterRegistry meters) {

    private static final String CLAIMS = "/api/v1/campaigns/{campaign}/claims";

    long all() {
        return claims() + questions();
    }

    /** {@code POST …/claims}. */
    long claims() {
        return count(CLAIMS);
    }

    /** {@code GET …/claims/me}. */
    long questions() {
        return count(CLAIMS + "/me");
    }

    private long count(String uri) {
        return meters.find("http.server.requests").tag("uri", uri).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }
}
