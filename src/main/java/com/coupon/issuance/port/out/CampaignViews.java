package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.CampaignView;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.CampaignId;
import java.util.Optional;

/** Campaigns as they are where claims are decided. Thread-safe. */
public interface CampaignViews {

    /**
     * @return empty where there is no such campaign; drafts are there
     * @throws IssuanceUnavailableException if Redis cannot be asked, or has lost the campaign
     */
    Optional<CampaignView> find(CampaignId campaign);
}
