package com.coupon.persistence.adapter.in.schedule;

import com.coupon.persistence.application.DeadLetterMeters;
import com.coupon.shared.ConsumerRole;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;

/** Counts the dead letters that are open. */
@ConsumerRole
final class DeadLetterSchedule {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterSchedule.class);

    private final DeadLetterMeters meters;

    DeadLetterSchedule(DeadLetterMeters meters) {
        this.meters = meters;
    }

    @Scheduled(fixedDelayString = "${coupon.persistence.dead-letter-interval}")
    void count() {
        try {
            meters.read();
        } catch (DataAccessException | TransactionException e) {
            log.warn("Dead letters cannot be counted now: {}", e.toString());
        }
    }
}
