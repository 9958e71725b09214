package com.coupon.examples.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a client knows when it has stopped asking. */
public sealed interface ClaimAnswer {

    /**
     * The member has a coupon, for good.
     *
     * @param status {@code ISSUED}, or {@code ALREADY_ISSUED} where an earlier claim has won it
     */
    record Won(String status, long serial, String couponCode) implements ClaimAnswer {}

    /**
     * The member gets no coupon, and asking again will not change that.
     *
     * @param code of the problem, such as {@code sold-out}
     */
    record Lost(String code) implements ClaimAnswer {}

    /**
     * The campaign takes no claims at the moment; nothing was decided.
     *
     * @param code {@code not-open-yet} or {@code paused}
     * @param askAfter how long to wait before the next claim, spread already; null where nobody
     *     knows
     */
    record NotNow(String code, @Nullable Duration askAfter) implements ClaimAnswer {}

    /**
     * There is no final answer, and the client has given up. The member may have a coupon: claiming
     * again later tells, and is safe.
     *
     * @param last what was heard last: the code of a problem, {@code pending}, {@code status-…} or
     *     {@code no-answer}
     * @param askAfter how long to wait before the next claim at least
     */
    record Unknown(String last, Duration askAfter) implements ClaimAnswer {}

    /**
     * The request has to be another one: there is no identity, or a defect of the client.
     *
     * @param code of the problem, or {@code status-…} where there is none
     */
    record Mistake(int status, String code) implements ClaimAnswer {}
}
