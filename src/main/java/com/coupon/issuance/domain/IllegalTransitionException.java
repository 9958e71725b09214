package com.coupon.issuance.domain;

import com.coupon.shared.Sentence;

/** A campaign was asked to take a step that does not lead from where it is. */
public final class IllegalTransitionException extends CampaignRefusedException {

    public IllegalTransitionException(CampaignState from, CampaignState to) {
        super(new Sentence("transition", from, to));
    }

    public IllegalTransitionException(Sentence reason) {
        super(reason);
    }
}
