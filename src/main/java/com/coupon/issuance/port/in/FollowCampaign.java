package com.coupon.issuance.port.in;

import com.coupon.issuance.domain.CampaignView;
import java.util.Optional;
import java.util.function.Supplier;

/** Lets the public follow a campaign live. Thread-safe. */
public interface FollowCampaign {

    /**
     * Whoever follows a campaign. Any thread may call, so that none of these methods may wait or
     * fail.
     */
    interface Follower {

        /**
         * The campaign has changed. Of several views that could not be passed on, the last counts.
         */
        void show(CampaignView view);

        /** Nothing may have happened for a while; says so. */
        void keepAlive();

        /** Nothing more follows. It may be said more than once. */
        void end();
    }

    /**
     * Shows a follower what changes from now on, until he is told the end.
     *
     * @param seen what he knows already, just read
     * @param begin makes him, once there is a place for him
     * @return empty where there are too many already, or the process stops
     */
    <F extends Follower> Optional<F> follow(CampaignView seen, Supplier<F> begin);

    /** Gives the place of a follower away; without effect if he has left. */
    void leave(Follower follower);
}
