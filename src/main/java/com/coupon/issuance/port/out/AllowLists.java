package com.coupon.issuance.port.out;

import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.List;
import java.util.Set;

/**
 * Allow-lists as they were uploaded, kept so that they can be brought to Redis again. A list counts
 * only once the catalogue names it. Thread-safe.
 */
public interface AllowLists {

    /**
     * Begins a new list.
     *
     * @return its number, higher than that of any list begun before
     */
    long begin();

    /**
     * Adds members to a list; those it has already are passed over.
     *
     * @return how many were new
     */
    int add(CampaignId campaign, long list, List<MemberId> members);

    /**
     * The members of a list, in an order of the list's own.
     *
     * @param after the last member already seen, or an empty text
     * @param limit how many at most
     */
    List<MemberId> page(CampaignId campaign, long list, String after, int limit);

    /** Campaigns whose list in force has the member. */
    Set<CampaignId> naming(MemberId member);

    /** Forgets a list, unless the catalogue names it. */
    void dropUnlessNamed(CampaignId campaign, long list);

    /** Forgets all lists of a campaign that are older than this one. */
    void dropBefore(CampaignId campaign, long list);

    /** Forgets all lists of a campaign. */
    default void dropAll(CampaignId campaign) {
        dropBefore(campaign, Long.MAX_VALUE);
    }
}
