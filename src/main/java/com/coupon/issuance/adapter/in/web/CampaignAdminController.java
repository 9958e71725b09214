package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.ClaimWindow;
import com.coupon.issuance.domain.Coupon;
import com.coupon.issuance.domain.Eligibility;
import com.coupon.issuance.domain.IllegalTransitionException;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Campaigns as operators prepare them. */
@ConsumerRole
@RestController
@RequestMapping("/api/v1/admin/campaigns")
final class CampaignAdminController {

    private final ManageCampaigns campaigns;

    CampaignAdminController(ManageCampaigns campaigns) {
        this.campaigns = campaigns;
    }

    /**
     * A campaign to create.
     *
     * @param opensAt where it is left out, the campaign takes claims as soon as it is opened
     * @param closesAt where it is left out, the campaign closes only by hand
     * @param eligibility everyone, where it is left out
     */
    record NewCampaign(
            @NotNull String id,
            @NotNull String name,
            @NotNull Long quantity,
            @Nullable Instant opensAt,
            @Nullable Instant closesAt,
            @NotNull @Valid CouponBody coupon,
            @Nullable Eligibility eligibility) {

        Campaign toDraft() {
            return Campaign.draft(
                    new CampaignId(id),
                    name,
                    new Coupon(coupon.title, coupon.discount, toMillis(coupon.validUntil)),
                    quantity,
                    new ClaimWindow(
                            milliseconds(opensAt == null ? Instant.now() : opensAt),
                            toMillis(closesAt)),
                    eligibility == null ? Eligibility.EVERYONE : eligibility);
        }

        private static @Nullable Instant toMillis(@Nullable Instant instant) {
            return instant == null ? null : milliseconds(instant);
        }

        /** Redis counts in milliseconds, and both sides must mean the same instant. */
        private static Instant milliseconds(Instant instant) {
            return instant.truncatedTo(ChronoUnit.MILLIS);
        }
    }

    /** The benefit a campaign hands out. */
    record CouponBody(
            @NotNull String title, @NotNull String discount, @Nullable Instant validUntil) {}

    /** A campaign as the catalogue has it. */
    record CampaignAdminBody(
            String id,
            String name,
            String state,
            long quantity,
            long returned,
            Instant opensAt,
            @Nullable Instant closesAt,
            CouponBody coupon,
            Eligibility eligibility,
            long version,
            long epoch) {

        static CampaignAdminBody of(Campaign campaign) {
            return new CampaignAdminBody(
                    campaign.id().value(),
                    campaign.name(),
                    campaign.state().name(),
                    campaign.quantity(),
                    campaign.returned(),
                    campaign.window().opensAt(),
                    campaign.window().closesAt(),
                    new CouponBody(
                            campaign.coupon().title(),
                            campaign.coupon().discount(),
                            campaign.coupon().validUntil()),
                    campaign.eligibility(),
                    campaign.version(),
                    campaign.epoch());
        }
    }

    @PostMapping
    ResponseEntity<CampaignAdminBody> create(@Valid @RequestBody NewCampaign request) {
        Campaign draft = request.toDraft();
        if (!campaigns.create(draft)) {
            throw new ProblemException(ProblemCode.CAMPAIGN_EXISTS);
        }
        return answer(
                ResponseEntity.created(URI.create("/api/v1/admin/campaigns/" + draft.id())), draft);
    }

    @GetMapping("/{campaign}")
    ResponseEntity<CampaignAdminBody> find(@PathVariable CampaignId campaign) {
        return answer(
                ResponseEntity.ok(),
                campaigns.find(campaign).orElseThrow(CampaignAdminController::unknown));
    }

    @PostMapping("/{campaign}/open")
    ResponseEntity<CampaignAdminBody> open(@PathVariable CampaignId campaign) {
        try {
            return answer(
                    ResponseEntity.ok(),
                    campaigns.open(campaign).orElseThrow(CampaignAdminController::unknown));
        } catch (IllegalTransitionException e) {
            throw new ProblemException(ProblemCode.ILLEGAL_TRANSITION, e.getMessage());
        } catch (IssuanceUnavailableException e) {
            throw Problems.of(e);
        }
    }

    private static ResponseEntity<CampaignAdminBody> answer(
            ResponseEntity.BodyBuilder response, Campaign campaign) {
        return response.eTag(Long.toString(campaign.version()))
                .body(CampaignAdminBody.of(campaign));
    }

    private static ProblemException unknown() {
        return new ProblemException(ProblemCode.UNKNOWN_CAMPAIGN);
    }
}
