package com.coupon.issuance.spi;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.shared.CampaignId;
import java.util.List;

/**
 * What the rebuild of a campaign needs of the ledger. Thread-safe. Every method throws a {@link
 * RuntimeException} where the database, or what else it needs, is away; asking again is safe.
 */
public interface LedgerRecovery {

    /**
     * Records coupons that Redis still has. Those that contradict the ledger are counted, reported
     * and left out.
     */
    void record(List<IssuedCoupon> coupons);

    /**
     * Records every coupon of the campaign that was published before this call, and every dead
     * letter of it that nobody has decided on and that fits.
     *
     * @throws RuntimeException also where reading takes longer than configured
     */
    void catchUp(CampaignId campaign);

    /**
     * In the transaction of the caller, which holds the campaign's row: records each serial that no
     * coupon has as void, up to the highest one that is accounted for.
     *
     * @param fence a serial that was issued for all that is known, or 0
     * @return that highest serial: of the ledger, of the voids, or the fence; 0 where there is none
     */
    long settle(CampaignId campaign, long fence);

    /**
     * Coupons by ascending serial.
     *
     * @param after the last serial already seen, or 0
     * @param limit how many at most
     */
    List<RecordedCoupon> recorded(CampaignId campaign, long after, int limit);

    /**
     * A coupon of the ledger.
     *
     * @param revoked whether it was taken back
     */
    record RecordedCoupon(IssuedCoupon coupon, boolean revoked) {}
}
