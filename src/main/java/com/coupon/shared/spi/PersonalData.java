package com.coupon.shared.spi;

import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.Set;

/**
 * What a module knows of members. Each module that keeps the ids of members has one. Thread-safe.
 */
public interface PersonalData {

    /**
     * Forgets a member in all campaigns that are archived, and in what belongs to no campaign. What
     * was issued stays issued: the coupon remains, under a name that says nothing of the member.
     * May be repeated.
     *
     * @return campaigns that are not archived and in which he is still known
     * @throws RuntimeException if it cannot be done now; asking again is safe
     */
    Set<CampaignId> erase(MemberId member);
}
