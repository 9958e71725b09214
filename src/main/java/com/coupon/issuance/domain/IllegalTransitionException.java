package com.coupon.issuance.domain;

/** A campaign was asked to take a step that does not lead from where it is. */
public final class IllegalTransitionException extends RuntimeException {

    public IllegalTransitionException(CampaignState from, CampaignState to) {
        super("A campaign does not go from " + from + " to " + to + ".");
    }

    public IllegalTransitionException(String reason) {
        super(reason);
    }
}
