package com.coupon.persistence.adapter.in.schedule;

import com.coupon.persistence.port.in.RevokeIssuances;
import com.coupon.shared.ConsumerRole;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/** Completes revocations that were cut short. */
@ConsumerRole
final class RevocationSchedule {

    private static final Logger log = LoggerFactory.getLogger(RevocationSchedule.class);

    private final RevokeIssuances issuances;

    RevocationSchedule(RevokeIssuances issuances) {
        this.issuances = issuances;
    }

    @Scheduled(fixedDelayString = "${coupon.persistence.revocation-interval}")
    void carryOn() {
        try {
            issuances.carryOn();
        } catch (DataAccessException e) {
            log.warn("Revocations cannot be looked for now: {}", e.toString());
        }
    }
}
