package com.coupon.issuance.adapter.in.loop;

import com.coupon.issuance.port.out.Ticker;
import com.coupon.shared.ApiRole;

/** The stop-watch of the machine. */
@ApiRole
final class SystemTicker implements Ticker {

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
