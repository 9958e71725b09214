package com.coupon.persistence.adapter.in.web;

import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.port.in.ListIssuances;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The ledger as operators see it. */
@ConsumerRole
@RestController
final class IssuanceAdminController {

    private static final int MAX_LIMIT = 1000;

    private final ListIssuances ledger;
    private final ManageCampaigns campaigns;

    IssuanceAdminController(ListIssuances ledger, ManageCampaigns campaigns) {
        this.ledger = ledger;
        this.campaigns = campaigns;
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
    record Page(List<IssuanceBody> items, @Nullable Long next) {}

    @GetMapping("/api/v1/admin/campaigns/{campaign}/issuances")
    Page list(
            @PathVariable CampaignId campaign,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "100") int limit) {
        if (after < 0 || limit < 1 || limit > MAX_LIMIT) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail("page", MAX_LIMIT);
        }
        if (campaigns.find(campaign).isEmpty()) {
            throw new ProblemException(ProblemCode.UNKNOWN_CAMPAIGN);
        }
        List<Issuance> rows = ledger.list(campaign, after, limit);
        Long next = rows.size() == limit ? rows.getLast().coupon().serial() : null;
        return new Page(rows.stream().map(IssuanceBody::of).toList(), next);
    }
}
