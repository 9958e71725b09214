package com.coupon.issuance.domain;

import com.coupon.shared.Sentence;

/** A campaign was asked to change in a way that its state does not allow. */
public final class NotEditableException extends CampaignRefusedException {

    public NotEditableException(CampaignState state) {
        super(new Sentence("not-editable", state));
    }
}
