package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.AllowList;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.List;
import java.util.stream.Stream;

/** Allow-lists where claims are decided. Thread-safe. */
public interface EligibleMembers {

    /**
     * Puts a list in force, all at once, unless it or a newer one is, and waits until the replicas
     * have it. May be repeated.
     *
     * @param pages its members, each once; read to the end before anything changes
     * @throws IssuanceUnavailableException if Redis cannot be asked, its replicas do not follow, or
     *     the pages are not the whole list; then the former one is in force
     */
    void putInForce(CampaignId campaign, AllowList list, Stream<List<MemberId>> pages);
}
