package com.coupon.issuance.port.out;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.Winner;
import com.coupon.shared.CampaignId;
import java.util.List;

/** Reads all winners of a campaign, where claims are answered. Thread-safe. */
public interface WinnerReading {

    /**
     * Winners page by page; one who is there from the first page to the last is in one of them,
     * perhaps in several.
     *
     * @param cursor of the page before, or an empty text
     * @param limit about how many
     * @throws IssuanceUnavailableException if Redis cannot be asked, or its data is damaged
     */
    WinnerPage page(CampaignId campaign, String cursor, int limit);

    /**
     * @param home what was asked, named as decisions name it; pages of one home belong together
     * @param total how many winners there are in all
     * @param cursor of the next page; empty after the last
     */
    record WinnerPage(String home, long total, List<Winner> winners, String cursor) {}
}
