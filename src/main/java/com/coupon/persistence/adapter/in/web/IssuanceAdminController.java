package com.coupon.persistence.adapter.in.web;

import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.domain.Issuance.Status;
import com.coupon.persistence.domain.IssuanceFilter;
import com.coupon.persistence.port.in.ListIssuances;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.PageLinks;
import com.coupon.shared.web.PageSize;
import com.coupon.shared.web.PageSize.Slice;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The ledger as operators see it. */
@ConsumerRole
@RestController
final class IssuanceAdminController {

    private final ListIssuances ledger;
    private final ManageCampaigns campaigns;
    private final PageSize pages;

    IssuanceAdminController(ListIssuances ledger, ManageCampaigns campaigns, PageSize pages) {
        this.ledger = ledger;
        this.campaigns = campaigns;
        this.pages = pages;
    }

    /** A row of the ledger. The coupon's code is its owner's secret and is not shown. */
    record IssuanceBody(
            long serial,
            String memberId,
            String status,
            long epoch,
            Instant issuedAt,
            Instant recordedAt) {

        static IssuanceBody of(Issuance issuance) {
            return new IssuanceBody(
                    issuance.coupon().serial(),
                    issuance.coupon().member().value(),
                    issuance.status().name(),
                    issuance.coupon().epoch(),
                    issuance.coupon().issuedAt(),
                    issuance.recordedAt());
        }
    }

    /**
     * A page of the ledger, by ascending serial.
     *
     * @param next what to ask for as {@code after} to get the next page, or null where this is the
     *     last
     */
    record IssuancePage(List<IssuanceBody> items, @Nullable Long next) {}

    /**
     * Lists the ledger of a campaign, by ascending serial. It follows the answers to claims at a
     * distance. Codes are not shown.
     */
    @GetMapping("/api/v1/admin/campaigns/{campaign}/issuances")
    @Answers(headers = "Link", problems = ProblemCode.UNKNOWN_CAMPAIGN)
    ResponseEntity<IssuancePage> list(
            @PathVariable CampaignId campaign,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(required = false) @Nullable MemberId member,
            @RequestParam(required = false) @Nullable Status status) {
        if (after < 0) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail("after");
        }
        var filter = new IssuanceFilter(member, status);
        Slice<Issuance> page =
                pages.read(limit, size -> ledger.list(campaign, filter, after, size));
        if (campaigns.find(campaign).isEmpty()) {
            throw new ProblemException(ProblemCode.UNKNOWN_CAMPAIGN);
        }
        Long next = page.last() == null ? null : page.last().coupon().serial();
        HttpHeaders links =
                PageLinks.of("/api/v1/admin/campaigns/" + campaign + "/issuances")
                        .keeping("limit", limit)
                        .keeping("member", member == null ? null : member.value())
                        .keeping("status", filter.status())
                        .header("after", next);
        return ResponseEntity.ok()
                .headers(links)
                .body(new IssuancePage(page.items().stream().map(IssuanceBody::of).toList(), next));
    }
}
