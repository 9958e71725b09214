package com.coupon.issuance.application;

import com.coupon.issuance.domain.CampaignView;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.port.in.FollowCampaign;
import com.coupon.issuance.port.in.ViewCampaign;
import com.coupon.issuance.port.out.Ticker;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Shows followers what has changed. Each campaign is read once for all its followers, and a
 * campaign that nobody follows is not read.
 *
 * <p>While a campaign cannot be read its followers stay and are shown nothing; the next view that
 * is to be had tells them what they have missed. {@link #showChanges} is called by one thread, all
 * else by any.
 */
@ApiRole
public final class CampaignFollowing implements FollowCampaign {

    private static final class Following {

        private final CampaignId campaign;
        private final Follower follower;
        private final long since;

        /** Only {@link #showChanges} uses it. */
        private String revision;

        Following(CampaignView seen, Follower follower, long since) {
            this.campaign = seen.id();
            this.revision = seen.revision();
            this.follower = follower;
            this.since = since;
        }

        CampaignId campaign() {
            return campaign;
        }

        void show(CampaignView view) {
            if (!view.revision().equals(revision)) {
                revision = view.revision();
                follower.show(view);
            }
            if (view.isOver()) {
                follower.end();
            }
        }
    }

    private final ViewCampaign campaigns;
    private final Ticker ticker;
    private final Duration lifetime;
    private final Semaphore places;
    private final Map<Follower, Following> all = new ConcurrentHashMap<>();
    private volatile boolean ended;

    CampaignFollowing(
            ViewCampaign campaigns,
            Ticker ticker,
            IssuanceProperties properties,
            MeterRegistry meters) {
        this.campaigns = campaigns;
        this.ticker = ticker;
        this.lifetime = properties.events().lifetime();
        this.places = new Semaphore(properties.events().subscribers());
        Gauge.builder("coupon.events.subscribers", all, Map::size)
                .description("Clients that follow a campaign")
                .register(meters);
    }

    @Override
    public <F extends Follower> Optional<F> follow(CampaignView seen, Supplier<F> begin) {
        if (ended || !places.tryAcquire()) {
            return Optional.empty();
        }
        F follower;
        try {
            follower = begin.get();
        } catch (RuntimeException e) {
            places.release();
            throw e;
        }
        all.put(follower, new Following(seen, follower, ticker.nanos()));
        if (ended) {
            follower.end(); // he may have come too late for endAll
        }
        return Optional.of(follower);
    }

    @Override
    public void leave(Follower follower) {
        if (all.remove(follower) != null) {
            places.release();
        }
    }

    /**
     * Reads each campaign that is followed, and shows it to those who know another state of it.
     *
     * @throws IssuanceUnavailableException if one of them cannot be read; the others were
     */
    public void showChanges() {
        // Who follows is looked up first, and read second: nobody is shown what is older than what
        // he came with.
        Map<CampaignId, List<Following>> followed =
                all.values().stream().collect(Collectors.groupingBy(Following::campaign));
        IssuanceUnavailableException failure = null;
        for (var campaign : followed.entrySet()) {
            try {
                Optional<CampaignView> view = campaigns.view(campaign.getKey());
                for (Following following : campaign.getValue()) {
                    view.ifPresentOrElse(following::show, following.follower::end);
                }
            } catch (IssuanceUnavailableException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Has everybody hear something, and ends what has lasted long enough. */
    public void keepAlive() {
        long now = ticker.nanos();
        for (Following following : all.values()) {
            if (now - following.since >= lifetime.toNanos()) {
                following.follower.end();
            } else {
                following.follower.keepAlive();
            }
        }
    }

    /** Lets others follow, again or for the first time. */
    public void begin() {
        ended = false;
    }

    /** Ends all, and lets nobody follow until it begins again. */
    public void endAll() {
        ended = true;
        all.keySet().forEach(Follower::end);
    }
}
