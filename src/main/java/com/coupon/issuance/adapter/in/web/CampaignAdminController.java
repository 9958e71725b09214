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
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.PageLinks;
import com.coupon.shared.web.PageSize;
import com.coupon.shared.web.PageSize.Slice;
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
import org.springframework.http.HttpStatus;
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

    private final ManageCampaigns campaigns;
    private final PageSize pages;
    private final JsonMapper json;
    private final Validator validator;

    CampaignAdminController(
            ManageCampaigns campaigns, PageSize pages, JsonMapper json, Validator validator) {
        this.campaigns = campaigns;
        this.pages = pages;
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
    record CampaignPage(List<CampaignAdminBody> items, @Nullable String next) {}

    /** Lists campaigns, in the order of their ids. */
    @GetMapping
    @Answers(headers = "Link")
    ResponseEntity<CampaignPage> list(
            @RequestParam(defaultValue = "") String after,
            @RequestParam(required = false) @Nullable CampaignState state,
            @RequestParam(defaultValue = "100") int limit) {
        String from = after.isEmpty() ? "" : new CampaignId(after).value();
        Slice<Campaign> page = pages.read(limit, size -> campaigns.list(from, state, size));
        String next = page.last() == null ? null : page.last().id().value();
        return ResponseEntity.ok()
                .headers(
                        PageLinks.of("/api/v1/admin/campaigns")
                                .keeping("limit", limit)
                                .keeping("state", state)
                                .header("after", next))
                .body(
                        new CampaignPage(
                                page.items().stream().map(CampaignAdminBody::of).toList(), next));
    }

    /** Creates a draft. Members do not see it until it is opened. */
    @PostMapping
    @Answers(value = HttpStatus.CREATED, headers = "ETag", problems = ProblemCode.CAMPAIGN_EXISTS)
    ResponseEntity<CampaignAdminBody> create(@Valid @RequestBody NewCampaign request) {
        Campaign draft = request.toDraft();
        if (!campaigns.create(draft)) {
            throw new ProblemException(ProblemCode.CAMPAIGN_EXISTS);
        }
        return answer(
                ResponseEntity.created(URI.create("/api/v1/admin/campaigns/" + draft.id())), draft);
    }

    /** Shows a campaign as the catalogue has it. */
    @GetMapping("/{campaign}")
    @Answers(headers = "ETag", problems = ProblemCode.UNKNOWN_CAMPAIGN)
    ResponseEntity<CampaignAdminBody> find(@PathVariable CampaignId campaign) {
        return answer(campaigns.find(campaign));
    }

    /**
     * Changes the plan of a campaign by a JSON merge patch (RFC 7396). A draft may change in every
     * respect, a campaign that is public in its name, coupon and window, a closed one in name and
     * coupon.
     */
    @PatchMapping(
            path = "/{campaign}",
            consumes = {"application/merge-patch+json", MediaType.APPLICATION_JSON_VALUE})
    @Answers(
            headers = "ETag",
            problems = {
                ProblemCode.UNKNOWN_CAMPAIGN,
                ProblemCode.NOT_EDITABLE,
                ProblemCode.PRECONDITION_FAILED,
                ProblemCode.PRECONDITION_REQUIRED,
                ProblemCode.RECOVERING
            })
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
        // what is left out of a new campaign has a default, and taken away it would have that, too
        if (body.opensAt() == null
                || body.eligibility() == null
                || !validator.validate(body).isEmpty()) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail("patch-removal");
        }
        return body.toPlan();
    }

    /**
     * Publishes a draft. Claims are taken as soon as its window opens. Repeating the call is safe;
     * a 503 means that the campaign is still a draft, or follows by itself.
     */
    @CampaignStep("/{campaign}/open")
    ResponseEntity<CampaignAdminBody> open(
            @PathVariable CampaignId campaign,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable String ifMatch) {
        return answer(campaigns.open(campaign, IfMatch.optional(ifMatch)));
    }

    /** Stops a campaign for a while. Winners are still answered. */
    @CampaignStep("/{campaign}/pause")
    ResponseEntity<CampaignAdminBody> pause(
            @PathVariable CampaignId campaign,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable String ifMatch) {
        return answer(campaigns.pause(campaign, IfMatch.optional(ifMatch)));
    }

    /** Lets a paused campaign go on. */
    @CampaignStep("/{campaign}/resume")
    ResponseEntity<CampaignAdminBody> resume(
            @PathVariable CampaignId campaign,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable String ifMatch) {
        return answer(campaigns.resume(campaign, IfMatch.optional(ifMatch)));
    }

    /** Stops a campaign for good. Winners are still answered. */
    @CampaignStep("/{campaign}/close")
    ResponseEntity<CampaignAdminBody> close(
            @PathVariable CampaignId campaign,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false)
                    @Nullable String ifMatch) {
        return answer(campaigns.close(campaign, IfMatch.optional(ifMatch)));
    }

    /**
     * Ends a closed campaign: only its winners are still answered, until the retention ends. Its
     * coupons must be in the ledger.
     */
    @PostMapping("/{campaign}/archive")
    @Answers(
            headers = "ETag",
            problems = {
                ProblemCode.UNKNOWN_CAMPAIGN,
                ProblemCode.ILLEGAL_TRANSITION,
                ProblemCode.NOT_SETTLED,
                ProblemCode.PRECONDITION_FAILED,
                ProblemCode.RECOVERING
            })
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
