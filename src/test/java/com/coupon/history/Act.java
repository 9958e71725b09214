package com.coupon.history;

/**
 * What an operator did: adjusted the stock, revoked a coupon, or both at once where a revoked
 * coupon goes back into the stock.
 *
 * @param delta coupons more or, below 0, fewer
 * @param revoked the serial of the coupon that was taken back, or 0
 * @param sent when it was sent, in the order of the history
 * @param done when it was confirmed, or {@link History#NEVER}: then it may have had its effect at
 *     any time after it was sent. What was refused is no act
 */
public record Act(long delta, long revoked, long sent, long done) {

    public Act {
        if (done < sent) {
            throw new IllegalArgumentException("done before it was sent");
        }
    }
}
