package com.coupon.issuance.application;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.StockAdjustment;
import com.coupon.issuance.domain.StockAdjustmentResult;
import com.coupon.issuance.domain.StockAdjustmentResult.Adjusted;
import com.coupon.issuance.domain.StockAdjustmentResult.BelowIssued;
import com.coupon.issuance.port.in.AdjustStock;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;

/**
 * Changes the stock of campaigns. The ledger refuses serials beyond the stock of the catalogue, so
 * at every moment the catalogue must allow whatever Redis may have issued: a stock that grows is
 * changed in the catalogue first, one that sinks in Redis first.
 */
@ConsumerRole
final class StockAdjusting implements AdjustStock {

    private final CampaignCatalog catalog;
    private final CampaignArming arming;
    private final CampaignRollout rollout;

    StockAdjusting(CampaignCatalog catalog, CampaignArming arming, CampaignRollout rollout) {
        this.catalog = catalog;
        this.arming = arming;
        this.rollout = rollout;
    }

    @Override
    public StockAdjustmentResult adjust(StockAdjustment adjustment) {
        if (adjustment.delta() < 0) {
            // What was cut short before would be in the way.
            confirm(adjustment.campaign());
        }
        StockAdjustmentResult result = catalog.adjust(adjustment, this::lower);
        if (result instanceof Adjusted || result instanceof BelowIssued) {
            // In the second case Redis may have sunk before the ledger refused.
            confirm(adjustment.campaign());
        }
        return result;
    }

    private void confirm(CampaignId campaign) {
        catalog.find(campaign).ifPresent(rollout::confirm);
    }

    private boolean lower(Campaign campaign) {
        return switch (arming.change(campaign).outcome()) {
            case APPLIED, CURRENT -> true;
            case BELOW_ISSUED -> false;
            case OUTRUN -> throw new IssuanceUnavailableException(Reason.UNDECIDED);
            case NOT_DRAINED, ABSENT -> throw new IssuanceUnavailableException(Reason.RECOVERING);
        };
    }

    @Override
    public void giveBack(CampaignId campaign) {
        catalog.update(
                campaign,
                "stock.given-back",
                stored ->
                        stored.state() == CampaignState.ARCHIVED
                                ? stored // it has no stock any more
                                : stored.withOneReturned());
    }
}
