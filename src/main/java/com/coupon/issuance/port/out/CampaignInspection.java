package com.coupon.issuance.port.out;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.Winner;
import com.coupon.issuance.port.in.InspectCampaign.Holding;
import com.coupon.issuance.port.in.InspectCampaign.OutboxPage;
import com.coupon.issuance.port.in.InspectCampaign.Republication;
import com.coupon.issuance.port.in.InspectCampaign.Restoration;
import com.coupon.issuance.port.in.InspectCampaign.WinnerPage;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * What is held of campaigns where claims are answered, and the mending of single coupons there.
 * Thread-safe; every method throws {@link IssuanceUnavailableException} where Redis cannot be
 * asked.
 */
public interface CampaignInspection {

    /**
     * Reads the counters of a campaign that was armed, at one instant, and even where they
     * contradict each other.
     *
     * @throws IssuanceUnavailableException if Redis cannot be asked; because it is recovering, if
     *     the campaign is lost or suspended, or lacks a key or field
     */
    Counters counters(CampaignId campaign);

    /**
     * Winners page by page; one who is there from the first page to the last is in one of them,
     * perhaps in several.
     *
     * @param cursor of the page before, or an empty text
     * @param limit about how many
     */
    WinnerPage winners(CampaignId campaign, String cursor, int limit);

    /**
     * Those of the members who are winners and whose records can be read, at one instant.
     *
     * @param members no more than one command should bear
     */
    Map<MemberId, Holding> winners(CampaignId campaign, Collection<MemberId> members);

    /**
     * Entries of the outbox, oldest first.
     *
     * @param after the id of the last entry already seen, or an empty text
     * @param limit how many at most
     */
    OutboxPage waiting(CampaignId campaign, String after, int limit);

    /**
     * Gives a winner back unless he is there, and waits until the replicas have it. May be
     * repeated.
     *
     * @throws IssuanceUnavailableException if Redis cannot be asked, its data is damaged, or its
     *     replicas do not follow
     */
    Restoration restore(Winner winner);

    /**
     * Writes a winner's coupon to the outbox once more, under the present epoch, and waits until
     * the replicas have it. May be repeated.
     *
     * @throws IssuanceUnavailableException if Redis cannot be asked, its data is damaged, or its
     *     replicas do not follow
     */
    Republication republish(IssuedCoupon coupon);

    /**
     * The counters of a campaign.
     *
     * @param archived whether nothing is kept but the winners; then nothing waits, and remaining is
     *     what it was
     * @param version of the catalogue, which is in force
     * @param issued the highest serial that was issued or voided
     * @param winners how many members have a record
     * @param waiting entries of the outbox
     * @param readAt by the clock of Redis
     */
    record Counters(
            boolean archived,
            long version,
            long quantity,
            long returned,
            long issued,
            long remaining,
            long winners,
            long waiting,
            long generation,
            long epoch,
            Instant readAt) {}
}
