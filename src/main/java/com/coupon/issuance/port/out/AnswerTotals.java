package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.port.in.ClaimOutcome;
import com.coupon.shared.CampaignId;
import java.util.Map;

/** What the members of a campaign were told, added up for all nodes. Thread-safe. */
public interface AnswerTotals {

    /**
     * Adds answers that were not added before.
     *
     * @param answers at least one outcome, each with a count of at least 1
     * @return whether there is such a campaign; where there is none, nothing is written
     * @throws IssuanceUnavailableException if Redis gave no answer; unless the reason is {@code
     *     UNDECIDED}, they may have been added
     */
    boolean add(CampaignId campaign, Map<ClaimOutcome, Long> answers);
}
