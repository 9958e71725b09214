package com.coupon.persistence.adapter.in.web;

import com.coupon.persistence.domain.Revocation;
import com.coupon.persistence.domain.RevocationResult;
import com.coupon.persistence.domain.RevocationResult.Revoked;
import com.coupon.persistence.port.in.RevokeIssuances;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Coupons that are taken back. */
@ConsumerRole
@RestController
final class RevocationController {

    private final RevokeIssuances issuances;

    RevocationController(RevokeIssuances issuances) {
        this.issuances = issuances;
    }

    /**
     * A revocation to make.
     *
     * @param reason for people
     * @param returnToStock whether another coupon may be issued in its place
     */
    record NewRevocation(@NotNull String reason, @NotNull Boolean returnToStock) {}

    /** A revocation that was made. */
    record RevocationBody(
            String campaignId,
            long serial,
            String memberId,
            String status,
            String reason,
            boolean returnToStock) {

        static RevocationBody of(Revoked revoked) {
            return new RevocationBody(
                    revoked.revocation().campaign().value(),
                    revoked.revocation().serial(),
                    revoked.issuance().coupon().member().value(),
                    revoked.issuance().status().name(),
                    revoked.revocation().reason(),
                    revoked.revocation().returnToStock());
        }
    }

    /**
     * Takes a coupon back from its winner, who hears so from then on. Repeating the call is safe.
     */
    @PostMapping("/api/v1/admin/campaigns/{campaign}/issuances/{serial}/revocation")
    @Answers(
            problems = {
                ProblemCode.UNKNOWN_CAMPAIGN,
                ProblemCode.UNKNOWN_ISSUANCE,
                ProblemCode.CONFLICT,
                ProblemCode.RECOVERING
            })
    RevocationBody revoke(
            @PathVariable CampaignId campaign,
            @PathVariable long serial,
            @Valid @RequestBody NewRevocation request) {
        RevocationResult result =
                issuances.revoke(
                        new Revocation(
                                campaign, serial, request.reason(), request.returnToStock()));
        return switch (result) {
            case Revoked revoked -> RevocationBody.of(revoked);
            case RevocationResult.UnknownCampaign() ->
                    throw new ProblemException(ProblemCode.UNKNOWN_CAMPAIGN);
            case RevocationResult.UnknownIssuance() ->
                    throw new ProblemException(ProblemCode.UNKNOWN_ISSUANCE);
            case RevocationResult.AskedOtherwise() ->
                    throw new ProblemException(ProblemCode.CONFLICT).detail("revoked-otherwise");
            case RevocationResult.Contradiction() ->
                    throw new ProblemException(ProblemCode.CONFLICT).detail("another-coupon");
        };
    }
}
