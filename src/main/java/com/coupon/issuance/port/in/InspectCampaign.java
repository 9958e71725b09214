package com.coupon.issuance.port.in;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Redis holds of a campaign, for whoever compares it with the ledger, and the two ways to mend
 * a single coupon of it. Nothing here changes a stock or takes anything away. Thread-safe; every
 * method but {@link #inspectable} throws {@link IssuanceUnavailableException} where Redis cannot be
 * asked.
 */
public interface InspectCampaign {

    /** The most members that are asked for at once. */
    int MOST_MEMBERS = 1_000;

    /**
     * Campaigns that are armed and still hold winners, or may yet have some, in the order of their
     * ids.
     *
     * @param after the last id already seen, or an empty text
     * @param limit how many at most; 1 or more
     * @return fewer than the limit only where there are no more
     */
    List<CampaignId> inspectable(String after, int limit);

    /** Whether a campaign has winners that can be inspected, or may yet have some. */
    Inspectability inspectability(CampaignId campaign);

    /** What {@link #inspectability} tells. */
    enum Inspectability {
        INSPECTABLE,
        /** It is a draft, or archived and has forgotten its winners. */
        WITHOUT_WINNERS,
        /** There is no such campaign. */
        UNKNOWN
    }

    /**
     * How a campaign stands. What contradicts itself is told as it is and not refused.
     *
     * @return empty where there is no such campaign, or it is a draft
     * @throws IssuanceUnavailableException if Redis cannot be asked; because it is recovering, if
     *     the campaign is suspended there or about to be, because the server is not the one it was
     *     armed or rebuilt on, or a key or field is missing or cannot be read
     */
    Optional<Standing> standing(CampaignId campaign);

    /**
     * Winners page by page. One who is there from the first page to the last is in at least one of
     * them, perhaps in several, as long as the epoch stays the same: another server has another
     * order. Of one who comes or goes meanwhile nothing is promised. Where nothing is left there
     * are none.
     *
     * @param cursor of the page before, or an empty text
     * @param limit about how many; 1 or more
     */
    WinnerPage winners(CampaignId campaign, String cursor, int limit);

    /**
     * Those of the members who are winners, all at one instant.
     *
     * @param members at most {@value #MOST_MEMBERS}
     * @return without those who are not, or whose records cannot be read
     * @throws IllegalArgumentException if there are more members
     */
    Map<MemberId, Holding> winners(CampaignId campaign, Collection<MemberId> members);

    /**
     * Coupons that are not yet known to be in Kafka, in the order in which they were written.
     *
     * @param after the id of the last entry already seen, or an empty text
     * @param limit how many at most; 1 or more
     */
    OutboxPage waiting(CampaignId campaign, String after, int limit);

    /**
     * Gives a winner back who is in the ledger and not in Redis, and waits until the replicas have
     * it. One who is there stays as he is. May be repeated.
     *
     * @param coupon as the ledger has it
     * @param revoked whether it was taken back
     * @throws IssuanceUnavailableException if Redis cannot be asked, its data is damaged, the
     *     campaign is suspended, or its replicas do not follow
     */
    Restoration restore(IssuedCoupon coupon, boolean revoked);

    /**
     * Writes a winner to the outbox once more, under the present epoch, so that the relay carries
     * it to the ledger, and waits until the replicas have it. May be repeated: the ledger records a
     * coupon once, however often it is told.
     *
     * @param coupon as Redis has it
     * @throws IssuanceUnavailableException if Redis cannot be asked, its data is damaged, the
     *     campaign is suspended, or its replicas do not follow
     */
    Republication republish(IssuedCoupon coupon);

    /**
     * What a member holds.
     *
     * @param revoked whether it was taken back
     */
    record Holding(IssuedCoupon coupon, boolean revoked) {}

    /**
     * Some of the winners.
     *
     * @param unreadable members whose records cannot be read; may be no valid member ids
     * @param cursor of the next page; empty after the last
     */
    record WinnerPage(List<Holding> winners, List<String> unreadable, String cursor) {}

    /**
     * One entry of the outbox.
     *
     * @param id names it; begins with when it was written, in ms since 1970
     * @param coupon null where the entry cannot be read
     */
    record Entry(String id, @Nullable IssuedCoupon coupon) {}

    /**
     * Some of the entries.
     *
     * @param last the id of the last of them; empty where there was none
     */
    record OutboxPage(List<Entry> entries, String last) {}

    /**
     * How a campaign stands in Redis, read at one instant, and how the catalogue plans it.
     *
     * @param archived whether nothing is kept but the winners; then nothing waits, and remaining is
     *     what it was
     * @param settled whether the catalogue's version is the one in force in Redis, and was when
     *     Redis was asked, so that the two can be compared
     * @param plannedQuantity coupons there are, by the catalogue
     * @param plannedReturned coupons given back, by the catalogue
     * @param quantity coupons there are
     * @param returned coupons given back
     * @param issued the highest serial that was issued or voided
     * @param remaining coupons left
     * @param winners how many members have a record; none once the retention has ended
     * @param waiting entries of the outbox
     * @param generation rises with every change of the stock or the state
     * @param epoch rises with every rebuild
     * @param readAt by the clock of Redis
     */
    record Standing(
            boolean archived,
            boolean settled,
            long plannedQuantity,
            long plannedReturned,
            long quantity,
            long returned,
            long issued,
            long remaining,
            long winners,
            long waiting,
            long generation,
            long epoch,
            Instant readAt) {}

    /** What became of a winner who was to be given back. */
    enum Restoration {
        RESTORED,
        /** The member has this very coupon, perhaps as one that was revoked. */
        PRESENT,
        /** Refused: the member holds another coupon of the campaign, or what cannot be read. */
        ANOTHER,
        /** Refused: its serial is above what Redis has issued; the campaign has to be rebuilt. */
        AHEAD,
        /** Refused: the campaign is archived and has forgotten its winners. */
        FORGOTTEN
    }

    /** What became of a coupon that was to be published once more. */
    enum Republication {
        APPENDED,
        /**
         * Refused: the member does not hold this coupon any more, it was revoked, or the campaign
         * is archived.
         */
        CHANGED
    }
}
