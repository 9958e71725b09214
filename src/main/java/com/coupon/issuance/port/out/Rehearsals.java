package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.util.List;

/**
 * Campaigns in which nothing can be won, to practise on. Nothing knows of them but where claims are
 * decided. Thread-safe; every method throws {@link IssuanceUnavailableException} where Redis cannot
 * be asked.
 */
public interface Rehearsals {

    /**
     * @param id that no campaign has
     * @param state PUBLISHED, and it is sold out, or PAUSED
     * @param winners who have won before
     * @param lifetime after which it goes by itself, 1 s to an hour
     */
    void create(CampaignId id, CampaignState state, List<MemberId> winners, Duration lifetime);

    void drop(CampaignId id);
}
