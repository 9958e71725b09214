package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.domain.StockAdjustment;
import com.coupon.issuance.domain.StockAdjustmentResult;
import com.coupon.issuance.domain.StockAdjustmentResult.Adjusted;
import com.coupon.issuance.port.in.AdjustStock;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** More coupons, or fewer, also while they are being claimed. */
@ConsumerRole
@RestController
final class StockAdjustmentController {

    private final AdjustStock stock;

    StockAdjustmentController(AdjustStock stock) {
        this.stock = stock;
    }

    /**
     * An adjustment to make.
     *
     * @param delta coupons to add, below 0 to take away
     * @param reason for people
     */
    record NewAdjustment(@NotNull Long delta, @NotNull String reason) {}

    /**
     * An adjustment that was made.
     *
     * @param quantity of the campaign after it
     * @param version of the campaign after it
     */
    record AdjustmentBody(
            String campaignId, long delta, String reason, long quantity, long version) {

        static AdjustmentBody of(Adjusted adjusted) {
            return new AdjustmentBody(
                    adjusted.adjustment().campaign().value(),
                    adjusted.adjustment().delta(),
                    adjusted.adjustment().reason(),
                    adjusted.quantity(),
                    adjusted.version());
        }
    }

    /**
     * Adds coupons, or takes away some that are not issued yet. Asked twice with the same key it is
     * done once.
     */
    @PostMapping("/api/v1/admin/campaigns/{campaign}/stock-adjustments")
    @Answers(
            headers = "ETag",
            problems = {
                ProblemCode.IDEMPOTENCY_KEY_REQUIRED,
                ProblemCode.UNKNOWN_CAMPAIGN,
                ProblemCode.STOCK_BELOW_ISSUED,
                ProblemCode.NOT_EDITABLE,
                ProblemCode.IDEMPOTENCY_KEY_IN_FLIGHT,
                ProblemCode.IDEMPOTENCY_KEY_REUSED,
                ProblemCode.RECOVERING
            })
    ResponseEntity<AdjustmentBody> adjust(
            @PathVariable CampaignId campaign,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @Valid @RequestBody NewAdjustment request) {
        if (key == null) {
            throw new ProblemException(ProblemCode.IDEMPOTENCY_KEY_REQUIRED);
        }
        StockAdjustmentResult result =
                stock.adjust(new StockAdjustment(campaign, key, request.delta(), request.reason()));
        return switch (result) {
            case Adjusted adjusted ->
                    ResponseEntity.ok()
                            .eTag(Long.toString(adjusted.version()))
                            .body(AdjustmentBody.of(adjusted));
            case StockAdjustmentResult.UnknownCampaign() ->
                    throw new ProblemException(ProblemCode.UNKNOWN_CAMPAIGN);
            case StockAdjustmentResult.KeyReused() ->
                    throw new ProblemException(ProblemCode.IDEMPOTENCY_KEY_REUSED);
            case StockAdjustmentResult.KeyInFlight() ->
                    throw new ProblemException(ProblemCode.IDEMPOTENCY_KEY_IN_FLIGHT);
            case StockAdjustmentResult.BelowIssued() ->
                    throw new ProblemException(ProblemCode.STOCK_BELOW_ISSUED);
        };
    }
}
