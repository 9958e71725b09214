package com.coupon.issuance.port.in;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignPlan;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.IllegalTransitionException;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.NotEditableException;
import com.coupon.issuance.domain.NotSettledException;
import com.coupon.issuance.domain.StaleVersionException;
import com.coupon.issuance.domain.VersionMatch;
import com.coupon.shared.CampaignId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an operator does with campaigns. Thread-safe.
 *
 * <p>A step of a campaign's life may be repeated: where it was taken already nothing changes. When
 * it returns, claims are decided by it, on each replica that is waited for. All steps give the
 * campaign as it now is, or empty where there is none, and throw
 *
 * <ul>
 *   <li>{@link StaleVersionException} if the campaign is at none of the versions given,
 *   <li>{@link IllegalTransitionException} if the step does not lead from where the campaign is,
 *   <li>{@link IssuanceUnavailableException} if Redis cannot be asked; the step may then have been
 *       taken in the catalogue, and Redis follows by itself.
 * </ul>
 */
public interface ManageCampaigns {

    /**
     * Stores a new draft.
     *
     * @return false where a campaign of this id exists; it is left as it is
     */
    boolean create(Campaign draft);

    Optional<Campaign> find(CampaignId campaign);

    /**
     * Campaigns in the order of their ids.
     *
     * @param after the last id already seen, or an empty text
     * @param state only those in it, or all
     * @param limit how many at most
     */
    List<Campaign> list(String after, @Nullable CampaignState state, int limit);

    /**
     * Changes the plan of a campaign.
     *
     * @throws NotEditableException if its state does not allow this change
     */
    Optional<Campaign> edit(CampaignId campaign, VersionMatch match, CampaignPlan plan);

    /** Arms a draft in Redis and makes it public; it takes claims as soon as its window opens. */
    Optional<Campaign> open(CampaignId campaign, VersionMatch match);

    /** Stops a campaign for a while. */
    Optional<Campaign> pause(CampaignId campaign, VersionMatch match);

    /** Lets a paused campaign go on. */
    Optional<Campaign> resume(CampaignId campaign, VersionMatch match);

    /** Stops a campaign for good. */
    Optional<Campaign> close(CampaignId campaign, VersionMatch match);

    /**
     * Ends a closed campaign: from now on only its winners are answered with more than that it is
     * over, and after the retention nobody.
     *
     * @throws NotSettledException if some of its coupons are not yet in the ledger
     */
    Optional<Campaign> archive(CampaignId campaign, VersionMatch match);

    /** Makes sure that claims are decided by the campaign as it is in the catalogue now. */
    Optional<Campaign> rollOut(CampaignId campaign);
}
