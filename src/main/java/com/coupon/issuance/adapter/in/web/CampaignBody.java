package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.domain.CampaignView;
import com.coupon.issuance.domain.PublicState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A campaign at one instant, by the clock that decides when it opens. */
record CampaignBody(
        String id,
        String name,
        PublicState state,
        long quantity,
        long remaining,
        Instant opensAt,
        @Nullable Instant closesAt,
        Instant serverTime) {

    static CampaignBody of(CampaignView view) {
        return new CampaignBody(
                view.id().value(),
                view.name(),
                view.shownState(),
                view.quantity(),
                view.remaining(),
                view.window().opensAt(),
                view.window().closesAt(),
                view.now());
    }
}
