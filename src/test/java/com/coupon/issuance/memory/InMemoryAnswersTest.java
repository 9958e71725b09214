package com.coupon.issuance.memory;

import com.coupon.Campaigns;
import com.coupon.issuance.AnswerTotalsContract;
import com.coupon.issuance.port.out.AnswerTotals;
import com.coupon.issuance.port.out.LiveProgress;
import com.coupon.shared.CampaignId;

/** The contract on the fake. */
class InMemoryAnswersTest extends AnswerTotalsContract {

    private final InMemoryAnswers answers = new InMemoryAnswers();

    @Override
    protected AnswerTotals totals() {
        return answers;
    }

    @Override
    protected LiveProgress progress() {
        return answers;
    }

    @Override
    protected CampaignId open(long quantity) {
        CampaignId campaign = Campaigns.newId();
        answers.open(campaign, quantity);
        return campaign;
    }
}
