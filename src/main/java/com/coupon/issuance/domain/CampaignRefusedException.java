package com.coupon.issuance.domain;

import com.coupon.shared.Sentence;

/** A campaign cannot do what it was asked to, and says why. */
public abstract sealed class CampaignRefusedException extends RuntimeException
        permits IllegalTransitionException,
                NotEditableException,
                NotSettledException,
                StaleVersionException {

    private final transient Sentence reason;

    CampaignRefusedException(Sentence reason) {
        super(reason.toString());
        this.reason = reason;
    }

    /** Why, for whoever asked. */
    public Sentence reason() {
        return reason;
    }
}
