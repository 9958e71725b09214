package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.domain.CampaignView;
import com.coupon.issuance.port.in.ViewCampaign;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Campaigns as the public sees them. */
@ApiRole
@RestController
final class CampaignController {

    private static final CacheControl ONE_SECOND =
            CacheControl.maxAge(Duration.ofSeconds(1)).cachePublic();

    private final ViewCampaign campaigns;

    CampaignController(ViewCampaign campaigns) {
        this.campaigns = campaigns;
    }

    /**
     * Shows a campaign at this instant. It needs no caller and may be cached for a second. A draft
     * is not shown.
     */
    @GetMapping("/api/v1/campaigns/{campaign}")
    @Answers(
            headers = {"Cache-Control", "ETag"},
            problems = {ProblemCode.UNKNOWN_CAMPAIGN, ProblemCode.RECOVERING})
    ResponseEntity<CampaignBody> view(@PathVariable CampaignId campaign) {
        CampaignView view =
                campaigns
                        .view(campaign)
                        .orElseThrow(() -> new ProblemException(ProblemCode.UNKNOWN_CAMPAIGN));
        return ResponseEntity.ok()
                .cacheControl(ONE_SECOND)
                // with the second, or a countdown by serverTime would stand still
                .eTag(view.revision() + "-" + view.now().getEpochSecond())
                .body(CampaignBody.of(view));
    }
}
