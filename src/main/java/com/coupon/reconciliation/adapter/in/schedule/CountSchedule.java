package com.coupon.reconciliation.adapter.in.schedule;

import com.coupon.reconciliation.application.CountMeters;
import com.coupon.shared.ConsumerRole;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/** Counts what was issued, published and recorded. */
@ConsumerRole
final class CountSchedule {

    private static final Logger log = LoggerFactory.getLogger(CountSchedule.class);

    private final CountMeters meters;

    CountSchedule(CountMeters meters) {
        this.meters = meters;
    }

    @Scheduled(fixedDelayString = "${coupon.reconciliation.count-interval}")
    void count() {
        try {
            meters.read();
        } catch (DataAccessException e) {
            log.warn("Campaigns cannot be counted now: {}", e.toString());
        }
    }
}
