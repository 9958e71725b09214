package com.coupon.issuance.adapter.in.loop;

import com.coupon.issuance.application.AnswerCounting;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.ApiRole;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that adds up what claims were told. It says nothing to the probes of health: a process
 * that cannot count still decides.
 */
@ApiRole
final class AnswerLoop extends LoopGroups {

    private static final Logger log = LoggerFactory.getLogger(AnswerLoop.class);

    private final AnswerCounting counting;

    AnswerLoop(AnswerCounting counting, IssuanceProperties properties) {
        super(
                List.of(
                        List.of(
                                Loop.every(
                                        "answers",
                                        properties.stats().flushInterval(),
                                        counting::flush))));
        this.counting = counting;
    }

    @Override
    public void stop() {
        super.stop();
        if (!areAlive()) {
            try {
                counting.flush();
            } catch (IssuanceUnavailableException e) {
                log.warn("The last answers are in no stats: {}", e.getMessage());
            }
        }
    }

    /** After {@link IssuanceLoops} have given the last answers. */
    @Override
    public int getPhase() {
        return -1;
    }
}
