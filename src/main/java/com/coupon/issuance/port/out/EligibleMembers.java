package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.List;
import java.util.stream.Stream;

/**
 * Allow-lists where claims are decided. Thread-safe; every call may be repeated, and throws {@link
 * IssuanceUnavailableException} where Redis cannot be asked.
 */
public interface EligibleMembers {

    /**
     * The number of the list in force.
     *
     * @return 0 where there is none, or no such campaign
     */
    long listInForce(CampaignId campaign);

    /**
     * Puts a list in force, all at once, unless it or a newer one is, and waits until the replicas
     * have it.
     *
     * @param list its number
     * @param pages its members, each once; read to the end before anything changes
     */
    void putInForce(CampaignId campaign, long list, Stream<List<MemberId>> pages);
}
