package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.StockAdjustment;
import com.coupon.issuance.domain.StockAdjustmentResult;
import com.coupon.shared.CampaignId;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** All campaigns, as planned. It is the truth about them; Redis follows. Thread-safe. */
public interface CampaignCatalog {

    /**
     * Adds a draft.
     *
     * @return false where the id is taken
     */
    boolean add(Campaign campaign);

    Optional<Campaign> find(CampaignId campaign);

    /**
     * Changes a campaign while nobody else can, in the transaction of the caller if there is one.
     *
     * @param action what the audit log calls it
     * @param change takes the campaign as stored and gives it as it shall be; what it throws leaves
     *     the campaign as it is
     * @return the campaign as it is now, or empty where there is none
     */
    Optional<Campaign> update(CampaignId campaign, String action, UnaryOperator<Campaign> change);

    /**
     * Adjusts the stock of a campaign, once for each key.
     *
     * @param lowered is asked before a stock that sinks is stored, with the campaign as it shall
     *     be, and says whether it has sunk where claims are answered; what it throws leaves the
     *     campaign as it is
     */
    StockAdjustmentResult adjust(StockAdjustment adjustment, Predicate<Campaign> lowered);

    /**
     * Gives a campaign a version above one that was seen elsewhere, unless it has changed
     * meanwhile.
     *
     * @param seen the campaign as it was when it was compared
     * @return the campaign as it is now, or empty where there is none
     */
    Optional<Campaign> outrun(Campaign seen, long version);

    /**
     * Campaigns in the order of their ids.
     *
     * @param after the last id already seen, or an empty text
     * @param state only those in it, or all
     * @param limit how many at most
     */
    List<Campaign> list(String after, @Nullable CampaignState state, int limit);

    /**
     * All campaigns that were ever armed, in the order of their ids.
     *
     * @param after the last id already seen, or an empty text
     * @param limit how many at most
     */
    List<Campaign> armed(String after, int limit);
}
