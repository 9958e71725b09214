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

    /** Rows by ascending serial, after the one given. */
    List<Issuance> page(CampaignId campaign, IssuanceFilter filter, long after, int limit);

    /** How many rows there are; it gives up where that takes more than a few seconds. */
    IssuanceCount count(CampaignId campaign);
}
