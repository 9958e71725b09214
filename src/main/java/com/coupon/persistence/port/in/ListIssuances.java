package com.coupon.persistence.port.in;

import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.domain.IssuanceFilter;
import com.coupon.shared.CampaignId;
import java.util.List;

/** Shows the ledger. Thread-safe. */
public interface ListIssuances {

    /**
     * @param after the last serial already seen, or 0
     * @param limit how many at most
     * @return by ascending serial
     */
    List<Issuance> list(CampaignId campaign, IssuanceFilter filter, long after, int limit);

    /** The same of all rows. */
    default List<Issuance> list(CampaignId campaign, long after, int limit) {
        return list(campaign, IssuanceFilter.ALL, after, limit);
    }
}
