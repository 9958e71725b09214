package com.coupon.history;

/**
 * A rule that a history breaks.
 *
 * @param sentence what exactly does not fit
 */
public record Violation(Rule rule, String sentence) {

    @Override
    public String toString() {
        return rule + ": " + sentence;
    }
}
