package com.coupon.issuance.application;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.AllowList;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.Eligibility;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.domain.Winner;
import com.coupon.issuance.port.in.RebuildCampaign;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.issuance.port.out.CampaignRecovery;
import com.coupon.issuance.port.out.CampaignRecovery.OutlivedException;
import com.coupon.issuance.port.out.CampaignRecovery.Page;
import com.coupon.issuance.port.out.CampaignRecovery.Rebuild;
import com.coupon.issuance.port.out.IssuanceOutbox;
import com.coupon.issuance.spi.LedgerRecovery;
import com.coupon.issuance.spi.LedgerRecovery.RecordedCoupon;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes campaigns anew in Redis that have lost something there, with nobody awake.
 *
 * <p>A server that was promoted, restarted or emptied may lack what was issued, and would issue the
 * same serials again. So a campaign that is not where, or not as far as, it was seen is suspended
 * by whoever notices it first. Then:
 *
 * <ol>
 *   <li>One node takes the rebuild's token; all that it writes to Redis later is refused once
 *       another node has taken it.
 *   <li>The ledger learns of all that is known to have been issued: what Redis still has, and what
 *       was published before this moment.
 *   <li>In one transaction that has the campaign's row locked, serials up to the highest one that
 *       nobody has become void, and the epoch rises. From here on the ledger refuses coupons of the
 *       older epoch that it does not have yet, because their serials may be issued again.
 *   <li>Redis is given back the winners it lacks, and goes on in the new epoch after the highest
 *       serial.
 * </ol>
 *
 * <p>Whatever is cut short is begun again from the start; an epoch that is never used costs
 * nothing. The way in which an older epoch is fenced off is that of fencing tokens (Kleppmann, "How
 * to do distributed locking", 2016).
 *
 * <p>{@link #suspend} may be called by any thread, {@link #step} and {@link #stepOfArchived} by one
 * of each process each.
 */
@ConsumerRole
public final class CampaignRebuilding implements RebuildCampaign {

    private static final Logger log = LoggerFactory.getLogger(CampaignRebuilding.class);

    private static final int PAGE_SIZE = 500;

    /** Each is lost only to a node that tells of a higher serial meanwhile. */
    private static final int TRIES = 5;

    /** After a rebuild that failed; twice as long after each further one. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /**
     * What this node knows of a campaign that is suspended.
     *
     * @param due when it is to be rebuilt
     * @param pause how long to wait if that fails
     * @param begun whether this node has begun to rebuild it
     */
    private record Suspension(Instant due, Duration pause, boolean begun) {

        Suspension failed(Instant now) {
            Duration longer = pause.multipliedBy(2);
            return new Suspension(
                    now.plus(pause),
                    longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE,
                    begun);
        }

        Suspension begin() {
            return new Suspension(due, pause, true);
        }
    }

    private final CampaignCatalog catalog;
    private final CampaignRecovery recovery;
    private final IssuanceOutbox outbox;
    private final LedgerRecovery ledger;
    private final CampaignRollout rollout;
    private final InstantSource clock;
    private final Duration grace;
    private final Duration lease;
    private final int batchSize;
    private final Counter suspensions;
    private final Timer rebuilds;

    private final Map<CampaignId, Suspension> suspended = new ConcurrentHashMap<>();

    /** How far each campaign was seen; it grows with the catalogue. */
    private final Map<CampaignId, Watermark> seen = new ConcurrentHashMap<>();

    CampaignRebuilding(
            CampaignCatalog catalog,
            CampaignRecovery recovery,
            IssuanceOutbox outbox,
            LedgerRecovery ledger,
            CampaignRollout rollout,
            InstantSource clock,
            IssuanceProperties properties,
            MeterRegistry registry) {
        this.catalog = catalog;
        this.recovery = recovery;
        this.outbox = outbox;
        this.ledger = ledger;
        this.rollout = rollout;
        this.clock = clock;
        this.grace = properties.rebuild().grace();
        this.lease = properties.rebuild().lease();
        this.batchSize = properties.rebuild().batchSize();
        this.suspensions =
                Counter.builder("coupon.failover.suspensions")
                        .description("Campaigns that had to be rebuilt in Redis")
                        .register(registry);
        this.rebuilds =
                Timer.builder("coupon.failover.rebuild")
                        .description("How long a rebuild took")
                        .register(registry);
        Gauge.builder("coupon.campaigns.suspended", suspended, Map::size)
                .description("Campaigns that answer nobody until they are rebuilt")
                .register(registry);
    }

    @Override
    public boolean suspend(CampaignId campaign) {
        return catalog.find(campaign)
                .filter(stored -> stored.state() != CampaignState.DRAFT)
                .map(stored -> recovery.suspend(stored.id()))
                .orElse(false);
    }

    /** Looks at the campaigns that may still issue coupons, and rebuilds those that need it. */
    public void step() {
        rebuild(campaign ->
                campaign.state() != CampaignState.DRAFT
                        && campaign.state() != CampaignState.ARCHIVED);
    }

    /** The same with those that are archived, which are ever more and in no hurry. */
    public void stepOfArchived() {
        rebuild(campaign -> campaign.state() == CampaignState.ARCHIVED);
    }

    private void rebuild(Predicate<Campaign> which) {
        List<Campaign> toRebuild = new ArrayList<>();
        String after = "";
        List<Campaign> page;
        do {
            page = catalog.armed(after, PAGE_SIZE);
            for (Campaign campaign : page) {
                if (which.test(campaign) && !isIntact(campaign) && isDue(campaign)) {
                    toRebuild.add(campaign);
                }
                after = campaign.id().value();
            }
        } while (page.size() == PAGE_SIZE);
        toRebuild.sort(Comparator.comparing(Campaign::state)); // the open ones first
        toRebuild.forEach(this::rebuildUnlessHeld);
    }

    private boolean isIntact(Campaign campaign) {
        CampaignId id = campaign.id();
        // A server that comes back from before the last rebuild has an older epoch.
        var rebuilt = new Watermark(campaign.epoch(), 0);
        try {
            boolean intact =
                    recovery.look(id, seen.getOrDefault(id, Watermark.NONE).or(rebuilt))
                            .map(watermark -> seen.merge(id, watermark, Watermark::or))
                            .isPresent();
            if (intact) {
                suspended.remove(id);
            } else {
                // The nodes need a moment to publish and to tell what they have decided.
                suspended.putIfAbsent(
                        id, new Suspension(clock.instant().plus(grace), FIRST_PAUSE, false));
            }
            return intact;
        } catch (IssuanceUnavailableException e) {
            log.debug("{} cannot be looked at now", id, e);
            return true; // nothing can be done where Redis is away
        }
    }

    private boolean isDue(Campaign campaign) {
        Suspension suspension = suspended.get(campaign.id());
        return suspension != null && !clock.instant().isBefore(suspension.due());
    }

    /**
     * @param known the campaign as it was in the catalogue before its rebuild begins
     */
    private void rebuildUnlessHeld(Campaign known) {
        try {
            recovery.begin(known.id(), lease).ifPresent(begun -> rebuildOrPause(known, begun));
        } catch (IssuanceUnavailableException e) {
            // Mostly a server that no replica follows yet; whatever it is, nothing was written
            // that a pause would save.
            log.info("{} waits for its rebuild: {}", known.id(), e.getMessage());
        }
    }

    private void rebuildOrPause(Campaign known, Rebuild rebuild) {
        try {
            rebuild(known, rebuild);
        } catch (OutlivedException e) {
            // Where only the epoch has moved on, the token is still held, and another needs it.
            rebuild.abandon();
            log.info(e.getMessage());
        } catch (RuntimeException e) {
            // The others must not wait for this one.
            suspended.computeIfPresent(
                    known.id(), (id, suspension) -> suspension.failed(clock.instant()));
            rebuild.abandon();
            log.warn(
                    "{} stays suspended, because it cannot be rebuilt now: {}",
                    known.id(),
                    e.toString());
        }
    }

    private void rebuild(Campaign known, Rebuild rebuild) {
        CampaignId campaign = known.id();
        long epoch = known.epoch();
        long begun = clock.millis();
        Suspension suspension = suspended.get(campaign);
        if (suspension == null || !suspension.begun()) {
            suspensions.increment();
            log.warn("{} is suspended: Redis has lost something, or may have", campaign);
        }
        suspended.computeIfPresent(campaign, (id, seenSuspended) -> seenSuspended.begin());
        List<IssuedCoupon> back = recordWhatIsLeft(campaign, rebuild);
        ledger.catchUp(campaign, rebuild.fence());
        rebuild.prolong();
        List<IssuedCoupon> leftOut = ledger.recordLast(back);
        long fence = rebuild.fence();
        for (int tries = 0; tries < TRIES; tries++) {
            Settled settled = settle(campaign, epoch, fence);
            epoch = settled.campaign().epoch();
            if (settled.campaign().hasWinnersAt(clock.instant())) {
                rebuild.drop(leftOut);
                restore(campaign, rebuild);
            }
            bringAllowList(settled.campaign(), rebuild);
            if (rebuild.resume(settled.campaign(), settled.issued())) {
                rebuilds.record(Duration.ofMillis(clock.millis() - begun));
                log.warn(
                        "{} goes on in epoch {} after serial {}",
                        campaign,
                        settled.campaign().epoch(),
                        settled.issued());
                suspended.remove(campaign);
                return;
            }
            fence = rebuild.fence();
        }
        throw new IssuanceUnavailableException(Reason.RECOVERING);
    }

    /**
     * @return those that have to stand back: they contradict the ledger, or Redis went on in an
     *     epoch that was over, because it did not know of it yet
     */
    private List<IssuedCoupon> recordWhatIsLeft(CampaignId campaign, Rebuild rebuild) {
        List<IssuedCoupon> back = new ArrayList<>();
        String cursor = "";
        do {
            Page page = rebuild.left(cursor, batchSize);
            back.addAll(ledger.record(campaign, page.coupons()));
            rebuild.prolong();
            cursor = page.cursor();
        } while (!cursor.isEmpty());

        String after = "";
        List<OutboxEntry> page;
        do {
            page = outbox.waiting(campaign, after, Duration.ZERO, batchSize);
            back.addAll(ledger.record(campaign, page.stream().map(OutboxEntry::coupon).toList()));
            rebuild.prolong();
            after = page.isEmpty() ? after : page.getLast().id();
        } while (page.size() == batchSize);
        return back;
    }

    /**
     * @param issued the highest serial that is in the ledger or void
     */
    private record Settled(Campaign campaign, long issued) {}

    /**
     * @param epoch that was known before the rebuild began. Where it has risen since, another
     *     rebuild has ended, and Redis goes on in its epoch, which must not be over
     */
    private Settled settle(CampaignId campaign, long epoch, long fence) {
        AtomicLong issued = new AtomicLong();
        Campaign settled =
                catalog.update(
                                campaign,
                                "campaign.rebuilt",
                                stored -> {
                                    if (stored.epoch() != epoch) {
                                        throw new OutlivedException(campaign);
                                    }
                                    issued.set(ledger.settle(campaign, fence));
                                    return stored.rebuilt();
                                })
                        .orElseThrow(IllegalStateException::new);
        return new Settled(settled, issued.get());
    }

    private void restore(CampaignId campaign, Rebuild rebuild) {
        long after = 0;
        List<RecordedCoupon> page;
        do {
            page = ledger.recorded(campaign, after, batchSize);
            rebuild.restore(
                    page.stream()
                            .map(recorded -> new Winner(recorded.coupon(), recorded.revoked()))
                            .toList());
            after = page.isEmpty() ? after : page.getLast().coupon().serial();
        } while (page.size() == batchSize);
    }

    /** Ahead of the resumption, so that nobody who is on the list is refused. */
    private void bringAllowList(Campaign campaign, Rebuild rebuild) {
        if (campaign.plan().eligibility() == Eligibility.ALLOW_LIST
                && campaign.state() != CampaignState.ARCHIVED
                && !campaign.allowList().equals(AllowList.NONE)) {
            rollout.bringAllowList(campaign, rebuild::prolong);
        }
    }
}
