package com.coupon.issuance.adapter.in.loop;

import com.coupon.issuance.application.CampaignFollowing;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.shared.ApiRole;
import java.util.List;

/**
 * The threads that tell followers of campaigns what has changed, and that the connection stands;
 * two, because only one of them waits for Redis. They say nothing to the probes of health: a
 * process that cannot show still decides.
 */
@ApiRole
final class FollowingLoops extends LoopGroups {

    private final CampaignFollowing following;

    FollowingLoops(CampaignFollowing following, IssuanceProperties properties) {
        super(
                List.of(
                        List.of(
                                Loop.every(
                                        "events",
                                        properties.events().interval(),
                                        following::showChanges),
                                Loop.every(
                                        "events-alive",
                                        properties.events().heartbeat(),
                                        following::keepAlive))));
        this.following = following;
    }

    @Override
    public void start() {
        following.begin();
        super.start();
    }

    @Override
    public void stop() {
        following.endAll();
        super.stop();
    }

    /** First of all: the web server waits for open requests, and these would not end. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
