package com.coupon.issuance.application;

import com.coupon.issuance.application.IssuanceProperties.Acknowledge;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.CouponStock.Decision;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Holds back the answers that a failover could make untrue, until the replicas have what they rest
 * on. A yes rests on its serial, SOLD_OUT on the highest serial there is; every other refusal goes
 * out at once.
 *
 * <p>Replication is in order, so one number for each campaign is enough: all serials up to it are
 * confirmed. {@link #release} and {@link #confirmed} may be called by any thread, {@link #step} by
 * as many as configured.
 */
@ApiRole
public final class AcknowledgementGate {

    /** Answers that wait for a decision to be replicated. */
    private record Held(CampaignId campaign, Decision decision, List<Answer> answers) {}

    private record Answer(PendingClaim claim, ClaimResult result) {}

    private final boolean open;
    private final Duration budget;
    private final ClaimMeters meters;
    private final BlockingQueue<Held> queue;

    /**
     * Only campaigns that have issued something are in it, so it grows with the catalogue and not
     * with the crowd.
     */
    private final Map<CampaignId, Long> confirmed = new ConcurrentHashMap<>();

    AcknowledgementGate(IssuanceProperties properties, CouponStock stock, ClaimMeters meters) {
        this.open = properties.acknowledgeAfter() == Acknowledge.DECISION || !stock.isReplicated();
        this.budget = properties.gate().budget();
        this.meters = meters;
        this.queue = new ArrayBlockingQueue<>(properties.gate().threads());
    }

    /** The highest serial that is known to be replicated. */
    long confirmed(CampaignId campaign) {
        return open ? Long.MAX_VALUE : confirmed.getOrDefault(campaign, 0L);
    }

    /** Answers the claims of a decision, now or once it is confirmed, and closes it. */
    void release(CampaignId campaign, Decision decision, List<PendingClaim> claims) {
        long known = confirmed(campaign);
        List<Answer> held = new ArrayList<>();
        for (int i = 0; i < claims.size(); i++) {
            PendingClaim claim = claims.get(i);
            ClaimResult result = decision.results().get(i);
            if (restsOn(result, decision.issued()) <= known) {
                meters.answer(claim, result);
            } else {
                held.add(new Answer(claim, result));
            }
        }
        if (held.isEmpty()) {
            decision.close();
        } else if (!queue.offer(new Held(campaign, decision, held))) {
            decision.close();
            held.forEach(answer -> meters.answer(answer.claim(), unconfirmed(answer.result())));
        }
    }

    /**
     * Waits for the replication of one decision and answers what was held back for it.
     *
     * @param patience how long to wait for a decision to come
     * @return whether one came
     */
    public boolean step(Duration patience) throws InterruptedException {
        Held held = queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (held == null) {
            return false;
        }
        boolean replicated = false;
        try (Decision decision = held.decision()) {
            replicated = decision.confirm(budget);
            if (replicated) {
                confirmed.merge(held.campaign(), decision.issued(), Math::max);
            }
        } finally {
            for (Answer answer : held.answers()) {
                meters.answer(
                        answer.claim(),
                        replicated ? answer.result() : unconfirmed(answer.result()));
            }
        }
        return true;
    }

    private static long restsOn(ClaimResult result, long issued) {
        return switch (result) {
            case ClaimResult.Issued(var coupon) -> coupon.serial();
            case ClaimResult.AlreadyIssued(var coupon) -> coupon.serial();
            case ClaimResult.SoldOut() -> issued;
            default -> 0;
        };
    }

    private static ClaimResult unconfirmed(ClaimResult result) {
        return result instanceof ClaimResult.SoldOut
                ? new ClaimResult.Unavailable()
                : new ClaimResult.Pending();
    }
}
