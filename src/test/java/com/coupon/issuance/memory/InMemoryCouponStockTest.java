package com.coupon.issuance.memory;

import com.coupon.issuance.CouponStockContract;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignRecovery;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.EligibleMembers;
import com.coupon.issuance.port.out.Participants;
import com.coupon.issuance.port.out.WinnerReading;
import com.coupon.shared.CampaignId;
import java.time.InstantSource;

class InMemoryCouponStockTest extends CouponStockContract {

    private final InMemoryCouponStock stock = new InMemoryCouponStock(InstantSource.system());

    @Override
    protected CouponStock stock() {
        return stock;
    }

    @Override
    protected CampaignArming arming() {
        return stock;
    }

    @Override
    protected EligibleMembers eligible() {
        return stock;
    }

    @Override
    protected Participants participants() {
        return stock;
    }

    @Override
    protected CampaignRecovery recovery() {
        return stock;
    }

    @Override
    protected WinnerReading winners() {
        return stock;
    }

    @Override
    protected void drain(CampaignId campaign) {
        stock.removePublished(campaign, stock.outbox(campaign));
    }

    @Override
    protected void lose(CampaignId campaign) {
        stock.lose(campaign);
    }
}
