package com.coupon.issuance.port.in;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.CampaignId;
import java.util.Optional;

/** Shows operators how far a campaign is. Thread-safe. */
public interface ViewProgress {

    /**
     * @return empty where there is no such campaign; of a draft, that nothing has happened yet
     * @throws IssuanceUnavailableException if Redis cannot be asked, or has lost the campaign
     */
    Optional<CampaignProgress> progress(CampaignId campaign);
}
