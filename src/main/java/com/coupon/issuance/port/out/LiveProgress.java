package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.port.in.CampaignProgress;
import com.coupon.shared.CampaignId;

/** How far campaigns are where claims are decided. Thread-safe. */
public interface LiveProgress {

    /**
     * Reads the progress of a campaign that was armed.
     *
     * @throws IssuanceUnavailableException if Redis cannot be asked, or has lost the campaign
     */
    CampaignProgress of(CampaignId campaign);
}
