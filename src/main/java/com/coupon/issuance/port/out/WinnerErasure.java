package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;

/** Forgets who winners were, where claims are answered. Thread-safe. */
public interface WinnerErasure {

    /**
     * Puts a name that says nothing in the place of a winner of an archived campaign, and waits
     * until the replicas have it. Whoever did not win, or is forgotten already, is passed over. May
     * be repeated.
     *
     * @throws IssuanceUnavailableException if Redis cannot be asked, its data is damaged, or its
     *     replicas do not follow
     */
    void erase(CampaignId campaign, MemberId member);
}
