package com.coupon.issuance.application;

import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.CampaignView;
import com.coupon.issuance.port.in.ViewCampaign;
import com.coupon.issuance.port.out.CampaignViews;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import java.util.Optional;

/** Shows campaigns to the public, but no drafts. */
@ApiRole
final class CampaignViewing implements ViewCampaign {

    private final CampaignViews views;

    CampaignViewing(CampaignViews views) {
        this.views = views;
    }

    @Override
    public Optional<CampaignView> view(CampaignId campaign) {
        return views.find(campaign).filter(view -> view.state() != CampaignState.DRAFT);
    }
}
