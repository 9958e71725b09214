package com.coupon.issuance.application;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.port.in.Winners;
import com.coupon.issuance.port.out.Participants;
import com.coupon.shared.ConsumerRole;

/** Takes coupons back where claims are answered. */
@ConsumerRole
final class CouponRevoking implements Winners {

    private final Participants participants;

    CouponRevoking(Participants participants) {
        this.participants = participants;
    }

    @Override
    public boolean revoke(IssuedCoupon coupon) {
        return participants.revoke(coupon);
    }
}
