package com.coupon;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignPlan;
import com.coupon.issuance.domain.ClaimWindow;
import com.coupon.issuance.domain.Coupon;
import com.coupon.issuance.domain.Eligibility;
import com.coupon.shared.CampaignId;
import java.time.Instant;
import java.util.UUID;

/** Campaigns for tests. */
public final class Campaigns {

    private Campaigns() {}

    /** An id that no other test uses. */
    public static CampaignId newId() {
        return new CampaignId("c" + UUID.randomUUID());
    }

    /** A draft that takes claims from everybody as soon as it is opened. */
    public static Campaign draft(CampaignId id, long quantity) {
        return Campaign.draft(id, plan(quantity));
    }

    /** Claims from everybody, as soon as it is opened. */
    public static CampaignPlan plan(long quantity) {
        return new CampaignPlan(
                "A test",
                new Coupon("A coupon", "10 %", null),
                quantity,
                new ClaimWindow(Instant.EPOCH, null),
                Eligibility.EVERYONE);
    }
}
