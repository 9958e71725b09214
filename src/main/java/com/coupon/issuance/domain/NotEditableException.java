package com.coupon.issuance.domain;

/** A campaign was asked to change in a way that its state does not allow. */
public final class NotEditableException extends RuntimeException {

    public NotEditableException(CampaignState state) {
        super("A campaign that is " + state + " does not change in this way.");
    }
}
