package com.coupon.issuance.port.in;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.CampaignId;

/** Has a campaign made anew in Redis, from all that is known of it. Thread-safe. */
public interface RebuildCampaign {

    /**
     * Suspends a campaign, so that it is rebuilt soon after and goes on. Until then nobody is
     * answered.
     *
     * @return whether there is such a campaign, and it is no draft
     * @throws IssuanceUnavailableException if Redis cannot be asked
     */
    boolean suspend(CampaignId campaign);
}
