package com.coupon.issuance.adapter.in.loop;

import com.coupon.issuance.application.CampaignFollowing;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.shared.ApiRole;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/**
 * The threads that tell followers of campaigns what has changed, and that the connection stands;
 * two, because only one of them waits for Redis. They say nothing to the probes of health: a
 * process that cannot show still decides.
 */
@ApiRole
final class FollowingLoops implements SmartLifecycle {

    private static final Duration TIME_TO_STOP = Duration.ofSeconds(5);

    private final CampaignFollowing following;
    private final List<Loop> loops;
    private volatile boolean running;

    FollowingLoops(CampaignFollowing following, IssuanceProperties properties) {
        this.following = following;
        this.loops =
                List.of(
                        new Loop(
                                "events",
                                properties.events().interval(),
                                () -> {
                                    following.showChanges();
                                    return false;
                                }),
                        new Loop(
                                "events-alive",
                                properties.events().heartbeat(),
                                () -> {
                                    following.keepAlive();
                                    return false;
                                }));
    }

    @Override
    public void start() {
        loops.forEach(Loop::start);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        following.endAll();
        loops.forEach(Loop::stop);
        try {
            Instant end = Instant.now().plus(TIME_TO_STOP);
            for (Loop loop : loops) {
                loop.awaitUntil(end);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** First of all: the web server waits for open requests, and these would not end. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
