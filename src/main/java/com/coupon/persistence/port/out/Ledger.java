package com.coupon.persistence.port.out;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.domain.IssuanceFilter;
import com.coupon.persistence.domain.Recorded;
import com.coupon.persistence.domain.UnrecordableException;
import com.coupon.persistence.port.in.CountIssuances.IssuanceCount;
import com.coupon.shared.CampaignId;
import java.util.List;

/** Where issued coupons are recorded for good. Thread-safe. */
public interface Ledger {

    /**
     * Adds the coupons that are not there yet, all or none.
     *
     * @throws UnrecordableException if one of them is refused for good
     */
    Recorded add(List<IssuedCoupon> coupons);

    /**
     * Those of the coupons that the ledger does not have just so. It writes nothing, which is what
     * makes it cheaper than adding where mostly all are there.
     *
     * @param coupons of one campaign
     */
    List<IssuedCoupon> missing(CampaignId campaign, List<IssuedCoupon> coupons);

    /** Rows by ascending serial, after the one given. */
    List<Issuance> page(CampaignId campaign, IssuanceFilter filter, long after, int limit);

    /** How many rows there are; it gives up where that takes more than a few seconds. */
    IssuanceCount count(CampaignId campaign);

    /** The highest serial that is recorded or void; 0 where there is none. */
    long highest(CampaignId campaign);

    /**
     * Records as void each serial that has no row, up to the highest of the fence, the rows and
     * what is void already. The fence is cut to what the campaign has to issue.
     *
     * <p>It is part of the caller's transaction and leaves the campaign locked until its end, so
     * that no row comes in between.
     *
     * @return that highest serial; 0 where there is none, or no such campaign
     * @throws RuntimeException if there is no transaction
     */
    long settle(CampaignId campaign, long fence);

    /**
     * Records a coupon of an epoch that may be over, under the epoch of its campaign as it is now;
     * serial, member and code stay as they were told to the winner. In the caller's transaction,
     * which may go on whatever comes out, or in one of its own. It locks the campaign like a
     * rebuild does, so the caller must not have recorded coupons in the same transaction before.
     *
     * @return whether the ledger has this coupon now; false where its serial is not vacant or
     *     beyond what there is to issue, or its member or code is taken
     */
    boolean revive(IssuedCoupon coupon, Vacancy vacancy);

    /** Which serials a coupon can be revived under. */
    enum Vacancy {
        /** Those that are void: nobody else will ever have them. */
        VOID,
        /**
         * Also those that were neither recorded nor voided. Redis may be giving them out, so it has
         * to be suspended, and to be settled with before it goes on.
         */
        VOID_OR_FREE
    }
}
