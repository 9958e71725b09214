package com.coupon.issuance.adapter.in.loop;

import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.application.ProgressMeters;
import com.coupon.shared.ConsumerRole;
import java.util.List;

/** The thread that reads what the gauges of the {@code consumer} role show. */
@ConsumerRole
final class ProgressLoop extends LoopGroups {

    ProgressLoop(ProgressMeters meters, IssuanceProperties properties) {
        super(
                List.of(
                        List.of(
                                Loop.every(
                                        "progress",
                                        properties.stats().readInterval(),
                                        meters::read))));
    }
}
