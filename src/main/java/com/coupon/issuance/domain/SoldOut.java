package com.coupon.issuance.domain;

import java.time.Duration;

/**
 * Names a state of a campaign in which everybody who has not won hears SOLD_OUT. Whoever finds the
 * same state again knows that nothing has changed between: every change of stock, state or winners
 * raises the generation, and coupons are issued only out of a stock.
 *
 * @param home names the server and the epoch, as a decision does
 * @param generation of the campaign
 * @param issued the highest serial
 */
public record SoldOut(String home, long generation, long issued) {

    /**
     * How long an answer of Redis may be repeated from memory at most, from the moment the question
     * was sent. The scripts announce each change of a campaign that is sold out, and make it only
     * after more than that ({@code MEMORY_MS}), so that nobody is refused after another has won.
     */
    public static final Duration LEASE = Duration.ofMillis(200);
}
