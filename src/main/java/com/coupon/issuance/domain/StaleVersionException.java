package com.coupon.issuance.domain;

import com.coupon.shared.Sentence;

/** A campaign has changed since the caller looked at it. */
public final class StaleVersionException extends CampaignRefusedException {

    public StaleVersionException(long version) {
        super(new Sentence("stale", version));
    }
}
