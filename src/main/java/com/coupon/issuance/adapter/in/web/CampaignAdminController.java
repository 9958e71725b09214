package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.adapter.in.web.CampaignPlanBody.CouponBody;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignPlan;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.Eligibility;
import com.coupon.issuance.domain.VersionMatch;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Campaigns as operators prepare and run them. */
@ConsumerRole
@RestController
@RequestMapping("/api/v1/admin/campaigns")
final class CampaignAdminController {

    private static final int MAX_LIMIT = 1000;

    private final ManageCampaigns campaigns;
    private final JsonMapper json;
    private final Validator validator;

    CampaignAdminController(ManageCampaigns campaigns, JsonMapper json, Validator validator) {
        this.campaigns = campaigns;
        this.json = json;
        this.validator = validator;
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
                    new CampaignPlanBody(name, quantity, opensAt, closesAt, coupon, eligibility)
                            .toPlan());
        }
    }

    /**
     * A campaign as the catalogue has it.
     *
     * @param returned coupons that came back by revocation
     * @param retainedUntil when an archived campaign forgets its winners where claims are answered
     */
    record CampaignAdminBody(
            String id,
            String name,
            CampaignState state,
            long quantity,
            long returned,
            Instant opensAt,
            @Nullable Instant closesAt,
            CouponBody coupon,
            Eligibility eligibility,
            @Nullable Instant retainedUntil,
            long version,
            long epoch) {

        static CampaignAdminBody of(Campaign campaign) {
            CampaignPlan plan = campaign.plan();
            return new CampaignAdminBody(
                    campaign.id().value(),
                    plan.name(),
                    campaign.state(),
                    plan.quantity(),
                    campaign.returned(),
                    plan.window().opensAt(),
                    plan.window().closesAt(),
                    CouponBody.of(plan.coupon()),
                    plan.eligibility(),
                    campaign.retainedUntil(),
                    campaign.version(),
                    campaign.epoch());
        }
    }

    /**
     * A page of campaigns, in the order of their ids.
     *
     * @param next what to ask for as {@code after} to get the next page, or null where this is the
     *     last
     */
    record Page(List<CampaignAdminBody> items, @Nullable String next) {}

    @GetMapping
    Page list(
            @RequestParam(defaultValue = "") String after,
            @RequestParam(required = false) @Nullable CampaignState state,
            @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail("limit", MAX_LIMIT);
        }
        List<Campaign> page =
                campaigns.list(after.isEmpty() ? "" : new CampaignId(after).value(), state, limit);
        String next = page.size() == limit ? page.getLast().id().value() : null;
        return new Page(page.stream().map(CampaignAdminBody::of).toList(), next);
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
        return answer(campaigns.find(campaign));
    }

    @PatchMapping(
            path = "/{campaign}",
            consumes = {"application/merge-patch+json", MediaType.APPLICATION_JSON_VALUE})
    ResponseEntity<CampaignAdminBody> edit(
            @PathVariable CampaignId campaign,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody JsonNode patch) {
        VersionMatch match = IfMatch.required(ifMatch);
        Campaign stored = campaigns.find(campaign).orElseThrow(CampaignAdminController::unknown);
        match.require(stored);
        CampaignPlan plan = patched(stored.plan(), patch);
        return answer(campaigns.edit(campaign, VersionMatch.of(stored.version()), plan));
    }

    private CampaignPlan patched(CampaignPlan plan, JsonNode patch) {
        if (!patch.isObject()) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail("patch-object");
        }
        CampaignPlanBody body;
        try {
            body =
                    json.readerFor(CampaignPlanBody.class)
                            .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                            .readValue(
                                    MergePatch.apply(
                                            json.valueToTree(CampaignPlanBody.of(plan)), patch));
        } catch (JacksonException e) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail("patch-members");
        }
        if (!validator.validate(body).isEmpty()) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail("patch-removal");
        }
        return body.toPlan();
    }

    @PostMapping("/{campaign}/open")
    ResponseEntity<CampaignAdminBody> open(
            @PathVariable CampaignId campaign,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable String ifMatch) {
        return answer(campaigns.open(campaign, IfMatch.optional(ifMatch)));
    }

    @PostMapping("/{campaign}/pause")
    ResponseEntity<CampaignAdminBody> pause(
            @PathVariable CampaignId campaign,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable String ifMatch) {
        return answer(campaigns.pause(campaign, IfMatch.optional(ifMatch)));
    }

    @PostMapping("/{campaign}/resume")
    ResponseEntity<CampaignAdminBody> resume(
            @PathVariable CampaignId campaign,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable String ifMatch) {
        return answer(campaigns.resume(campaign, IfMatch.optional(ifMatch)));
    }

    @PostMapping("/{campaign}/close")
    ResponseEntity<CampaignAdminBody> close(
            @PathVariable CampaignId campaign,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable String ifMatch) {
        return answer(campaigns.close(campaign, IfMatch.optional(ifMatch)));
    }

    @PostMapping("/{campaign}/archive")
    ResponseEntity<CampaignAdminBody> archive(
            @PathVariable CampaignId campaign,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable String ifMatch) {
        return answer(campaigns.archive(campaign, IfMatch.optional(ifMatch)));
    }

    private static ResponseEntity<CampaignAdminBody> answer(Optional<Campaign> campaign) {
        return answer(ResponseEntity.ok(), campaign.orElseThrow(CampaignAdminController::unknown));
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
