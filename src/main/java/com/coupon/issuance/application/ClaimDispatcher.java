package com.coupon.issuance.application;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.port.in.ClaimCoupon;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.CouponStock.Decision;
import com.coupon.issuance.port.out.Ticker;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides claims in batches: those that arrive while a call of the script is under way ride
 * together in the next one. There is no timer, so a claim on an idle system goes alone and at once,
 * and the batches grow with the load. The same idea is known from databases as group commit (DeWitt
 * et al., "Implementation Techniques for Main Memory Database Systems", 1984).
 *
 * <p>A campaign always belongs to the same lane. {@link #claim} and {@link #find} may be called by
 * any thread, {@link #step} by one thread for each lane.
 */
@ApiRole
public final class ClaimDispatcher implements ClaimCoupon {

    private static final Logger log = LoggerFactory.getLogger(ClaimDispatcher.class);

    private final CouponStock stock;
    private final AcknowledgementGate gate;
    private final SoldOutViews soldOut;
    private final OutboxRelay relay;
    private final ClaimAnswers meters;
    private final Ticker ticker;
    private final IssuanceProperties.Claims properties;
    private final List<ClaimQueue> lanes;
    private final RecentWinners recentWinners = new RecentWinners();

    /** How far this node has seen each campaign it knows; it grows with the catalogue. */
    private final Map<CampaignId, Watermark> seen = new ConcurrentHashMap<>();

    ClaimDispatcher(
            CouponStock stock,
            AcknowledgementGate gate,
            SoldOutViews soldOut,
            OutboxRelay relay,
            ClaimAnswers meters,
            Ticker ticker,
            IssuanceProperties properties,
            MeterRegistry registry) {
        this.stock = stock;
        this.gate = gate;
        this.soldOut = soldOut;
        this.relay = relay;
        this.meters = meters;
        this.ticker = ticker;
        this.properties = properties.claims();
        this.lanes =
                IntStream.range(0, this.properties.lanes())
                        .mapToObj(lane -> new ClaimQueue(this.properties, ticker.nanos()))
                        .toList();
        Gauge.builder(
                        "coupon.claims.queue",
                        lanes,
                        queues -> queues.stream().mapToInt(ClaimQueue::size).sum())
                .description("Claims that wait to be decided")
                .register(registry);
    }

    @Override
    public CompletableFuture<ClaimResult> claim(CampaignId campaign, MemberId member) {
        return submit(campaign, member, Question.CLAIM);
    }

    @Override
    public CompletableFuture<ClaimResult> find(CampaignId campaign, MemberId member) {
        return submit(campaign, member, Question.FIND);
    }

    private CompletableFuture<ClaimResult> submit(
            CampaignId campaign, MemberId member, Question question) {
        long arrived = ticker.nanos();
        ClaimResult remembered = soldOut.answer(campaign, member, question, arrived);
        if (remembered != null) {
            meters.count(new PendingClaim.Group(campaign, question), remembered, arrived);
            return CompletableFuture.completedFuture(remembered);
        }
        var claim =
                new PendingClaim(campaign, member, question, arrived, new CompletableFuture<>());
        int lane = Math.floorMod(campaign.hashCode(), lanes.size());
        boolean hasWon = recentWinners.has(campaign, member);
        if (!lanes.get(lane).offer(claim, hasWon, claim.arrived())) {
            meters.answer(claim, new ClaimResult.Overloaded());
        }
        return claim.answer();
    }

    /** Lets claims of a campaign through that no register names. */
    void introduce(CampaignId campaign) {
        seen.put(campaign, Watermark.NONE);
    }

    /** Takes that back. */
    void forget(CampaignId campaign) {
        seen.remove(campaign);
    }

    /**
     * Answers the claims that wait in a lane, one batch of them.
     *
     * @param lane from 0
     * @param patience how long to wait for the first claim
     * @return whether there was any
     */
    public boolean step(int lane, Duration patience) throws InterruptedException {
        List<PendingClaim> claims = lanes.get(lane).take(patience, ticker);
        if (claims.isEmpty()) {
            return false;
        }
        long oldest = ticker.nanos() - properties.queueTimeout().toNanos();
        claims.removeIf(claim -> {
            boolean late = claim.arrived() - oldest < 0;
            if (late) {
                meters.answer(claim, new ClaimResult.Overloaded());
            }
            return late;
        });
        var groups =
                claims.stream()
                        .collect(groupingBy(PendingClaim::group, LinkedHashMap::new, toList()));
        refuseUnknown(groups);
        groups.forEach(this::decide);
        return true;
    }

    /** Whoever makes up campaigns must not have Redis asked for each of them. */
    private void refuseUnknown(Map<PendingClaim.Group, List<PendingClaim>> groups) {
        Set<CampaignId> strange = new HashSet<>();
        for (PendingClaim.Group group : groups.keySet()) {
            if (!seen.containsKey(group.campaign())) {
                strange.add(group.campaign());
            }
        }
        if (strange.isEmpty()) {
            return;
        }
        Set<CampaignId> unknown = unknown(strange);
        groups.entrySet()
                .removeIf(group -> {
                    boolean refused = unknown.contains(group.getKey().campaign());
                    if (refused) {
                        answer(group.getValue(), new ClaimResult.UnknownCampaign());
                    }
                    return refused;
                });
    }

    private Set<CampaignId> unknown(Set<CampaignId> campaigns) {
        try {
            return stock.unknown(campaigns);
        } catch (IssuanceUnavailableException e) {
            return Set.of(); // each hears what comes of its own decision
        } catch (RuntimeException e) {
            log.error("Campaigns cannot be told from such as somebody makes up", e);
            return Set.of();
        }
    }

    private void answer(List<PendingClaim> claims, ClaimResult result) {
        claims.forEach(claim -> meters.answer(claim, result));
    }

    private void decide(PendingClaim.Group group, List<PendingClaim> claims) {
        meters.batch(claims.size());
        Confirmed confirmed = gate.confirmed(group.campaign());
        long asked = ticker.nanos();
        Decision decision;
        try {
            decision =
                    stock.decide(
                            new ClaimBatch(
                                    group.campaign(),
                                    group.question(),
                                    claims.stream().map(PendingClaim::member).toList(),
                                    confirmed,
                                    seen.getOrDefault(group.campaign(), Watermark.NONE)));
        } catch (IssuanceUnavailableException e) {
            ClaimResult result =
                    e.reason() == IssuanceUnavailableException.Reason.RECOVERING
                            ? new ClaimResult.Recovering()
                            : new ClaimResult.Unavailable();
            answer(claims, result);
            return;
        } catch (RuntimeException e) {
            // A defect of ours must leave nobody waiting, neither here nor in the other groups.
            log.error("{} claims of {} failed", claims.size(), group.campaign(), e);
            answer(claims, new ClaimResult.Unavailable());
            return;
        }
        if (!decision.watermark().equals(Watermark.NONE)) {
            seen.merge(group.campaign(), decision.watermark(), Watermark::or);
        }
        noteWinners(group.campaign(), decision.results());
        relay.offer(decision.outbox());
        soldOut.learn(group.campaign(), decision, asked, confirmed);
        gate.release(group.campaign(), confirmed, decision, claims);
    }

    private void noteWinners(CampaignId campaign, List<ClaimResult> results) {
        for (ClaimResult result : results) {
            if (result instanceof ClaimResult.Issued(var coupon)) {
                recentWinners.add(campaign, coupon.member());
            } else if (result instanceof ClaimResult.AlreadyIssued(var coupon)) {
                recentWinners.add(campaign, coupon.member());
            }
        }
    }
}
