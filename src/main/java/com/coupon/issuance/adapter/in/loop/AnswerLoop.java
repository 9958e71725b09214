package com.coupon.issuance.adapter.in.loop;

import com.coupon.issuance.application.AnswerCounting;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.shared.ApiRole;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The thread that adds up what claims were told. It says nothing to the probes of health: a process
 * that cannot count still decides.
 */
@ApiRole
final class AnswerLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(AnswerLoop.class);

    private static final Duration TIME_TO_STOP = Duration.ofSeconds(5);

    private final AnswerCounting counting;
    private final Loop loop;
    private volatile boolean running;

    AnswerLoop(AnswerCounting counting, IssuanceProperties properties) {
        this.counting = counting;
        this.loop =
                new Loop(
                        "answers",
                        properties.stats().flushInterval(),
                        () -> {
                            counting.flush();
                            return false;
                        });
    }

    @Override
    public void start() {
        loop.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        loop.stop();
        try {
            loop.awaitUntil(Instant.now().plus(TIME_TO_STOP));
            if (!loop.isAlive()) {
                counting.flush();
            }
        } catch (IssuanceUnavailableException e) {
            log.warn("The last answers are in no stats: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After {@link IssuanceLoops} have given the last answers. */
    @Override
    public int getPhase() {
        return -1;
    }
}
