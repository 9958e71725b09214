package com.coupon.issuance.port.in;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.IllegalTransitionException;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.CampaignId;
import java.util.Optional;

/** What an operator does with campaigns. Thread-safe. */
public interface ManageCampaigns {

    /**
     * Stores a new draft.
     *
     * @return false where a campaign of this id exists; it is left as it is
     */
    boolean create(Campaign draft);

    Optional<Campaign> find(CampaignId campaign);

    /**
     * Arms a draft in Redis and makes it public. Opening it again where an earlier attempt was cut
     * short is safe.
     *
     * @return the campaign as it now is, or empty where there is none
     * @throws IllegalTransitionException if it is neither a draft nor open already
     * @throws IssuanceUnavailableException if Redis cannot be reached; the campaign is then still a
     *     draft, or is public in the catalogue and follows in Redis by itself
     */
    Optional<Campaign> open(CampaignId campaign);
}
