package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.Campaign;
import com.coupon.shared.CampaignId;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** All campaigns, as planned. It is the truth about them; Redis follows. Thread-safe. */
public interface CampaignCatalog {

    /**
     * @return false where the id is taken
     */
    boolean add(Campaign campaign);

    Optional<Campaign> find(CampaignId campaign);

    /**
     * Changes a campaign while nobody else can.
     *
     * @param change takes the campaign as stored and gives it as it shall be; what it throws leaves
     *     the campaign as it is
     * @return the campaign as it is now, or empty where there is none
     */
    Optional<Campaign> update(CampaignId campaign, UnaryOperator<Campaign> change);

    /**
     * All campaigns that were ever armed, in the order of their ids.
     *
     * @param after the last id already seen, or an empty text
     */
    List<Campaign> armed(String after, int limit);
}
