package com.coupon.issuance.spi;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.shared.CampaignId;
import java.util.List;

/** What a rebuild needs of the ledger; implemented by the persistence module. Thread-safe. */
public interface LedgerRecovery {

    /**
     * Records coupons that Redis still has. One of an epoch that is over is recorded where its
     * serial is void and nobody else has its member or code.
     *
     * @return those that have to stand back until all that was published is recorded
     * @throws RuntimeException if the database cannot be reached; some may be recorded by then, and
     *     asking again is safe
     */
    List<IssuedCoupon> record(CampaignId campaign, List<IssuedCoupon> coupons);

    /**
     * The same once the ledger has caught up: one of an epoch that is over may now take a serial
     * that is still free, too. What contradicts the ledger is counted, reported and left out.
     *
     * @return those that were left out
     */
    List<IssuedCoupon> recordLast(List<IssuedCoupon> coupons);

    /**
     * Records every event of the campaign that was published before this call and every dead letter
     * of it that nobody has decided on and that fits now. It is for campaigns that are suspended:
     * an event of an epoch that is over may take a serial that is still free, and only {@link
     * #settle} sees to it that Redis does not give out this serial again. Since all serials below
     * become void then, such events do so only as far as they are more than what they make void.
     *
     * @param fence up to this serial all that nobody has becomes void in any case
     * @throws RuntimeException if Kafka or the database is away, or reading takes longer than
     *     configured; asking again is safe
     */
    void catchUp(CampaignId campaign, long fence);

    /**
     * In the transaction of the caller, which holds the campaign's row: records as void each serial
     * up to the higher of fence and the highest recorded serial that has no row. A fence beyond
     * what the campaign has to issue counts as all of it.
     *
     * @return that higher serial, or 0 if none
     * @throws RuntimeException if there is no transaction, or the database cannot be reached
     */
    long settle(CampaignId campaign, long fence);

    /**
     * Coupons by ascending serial after the one given, with whether they were revoked.
     *
     * @param limit how many at most
     */
    List<RecordedCoupon> recorded(CampaignId campaign, long after, int limit);

    /**
     * A coupon of the ledger.
     *
     * @param revoked whether it was taken back, or is about to be
     */
    record RecordedCoupon(IssuedCoupon coupon, boolean revoked) {}
}
