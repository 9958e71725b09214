package com.coupon.issuance.port.in;

import com.coupon.issuance.domain.CampaignView;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.CampaignId;
import java.util.Optional;

/** Shows a campaign to the public. Thread-safe. */
public interface ViewCampaign {

    /**
     * @return empty where there is no such campaign, or only a draft
     * @throws IssuanceUnavailableException if Redis cannot be asked, or has lost the campaign
     */
    Optional<CampaignView> view(CampaignId campaign);
}
