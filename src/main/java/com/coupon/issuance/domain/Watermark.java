package com.coupon.issuance.domain;

/**
 * How far a campaign has been seen to have come. It never goes back: where Redis is behind what was
 * seen, it has lost something.
 *
 * @param epoch counts the campaign's rebuilds, from 1; 0 where it was never seen
 * @param issued the highest serial issued or voided in that epoch
 */
public record Watermark(long epoch, long issued) {

    /** Of a campaign that was never seen. */
    public static final Watermark NONE = new Watermark(0, 0);

    /** The further of the two. */
    public Watermark or(Watermark other) {
        return other.epoch > epoch || (other.epoch == epoch && other.issued > issued)
                ? other
                : this;
    }
}
