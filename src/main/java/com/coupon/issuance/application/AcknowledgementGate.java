package com.coupon.issuance.application;

import com.coupon.issuance.application.IssuanceProperties.Acknowledge;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.CouponStock.Decision;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Holds back the answers that a failover could make untrue, until the replicas have what they rest
 * on. A yes rests on its serial, SOLD_OUT on the highest serial there is; every other refusal goes
 * out at once.
 *
 * <p>Waiting is shared as deciding is: decisions of one campaign that come while its replication is
 * awaited are confirmed together by the next wait, on the connection of the latest of them, because
 * that one comes after them all. {@link #release} and {@link #confirmed} may be called by any
 * thread, {@link #step} by as many as configured.
 */
@ApiRole
public final class AcknowledgementGate {

    private record Answer(PendingClaim claim, ClaimResult result) {}

    /** Decisions that one home can confirm together. */
    private record Group(CampaignId campaign, String home) {}

    /** The answers of a group, and the latest of its decisions. */
    private record Held(Group group, Decision latest, List<Answer> answers) {

        /** This and what was decided after it. */
        Held with(Held later) {
            latest.close();
            answers.addAll(later.answers);
            return new Held(group, later.latest, answers);
        }
    }

    private final boolean open;
    private final Duration budget;
    private final int capacity;
    private final ClaimAnswers meters;

    /** In the order of their coming; guarded by the lock. */
    private final Map<Group, Held> waiting = new LinkedHashMap<>();

    private final Lock lock = new ReentrantLock();
    private final Condition somethingWaits = lock.newCondition();

    /**
     * Only campaigns that have issued something are in it, so it grows with the catalogue and not
     * with the crowd.
     */
    private final Map<CampaignId, Confirmed> confirmed = new ConcurrentHashMap<>();

    AcknowledgementGate(IssuanceProperties properties, CouponStock stock, ClaimAnswers meters) {
        this.open = properties.acknowledgeAfter() == Acknowledge.DECISION || !stock.isReplicated();
        this.budget = properties.gate().budget();
        this.capacity = properties.gate().threads();
        this.meters = meters;
    }

    /** How far a campaign is known to be replicated. */
    Confirmed confirmed(CampaignId campaign) {
        return open ? Confirmed.EVERYTHING : confirmed.getOrDefault(campaign, Confirmed.NOTHING);
    }

    /**
     * Answers the claims of a decision, now or once it is confirmed, and closes it.
     *
     * @param known what was known when it was made, by which the script saw to it that there is
     *     something to wait for
     */
    void release(
            CampaignId campaign, Confirmed known, Decision decision, List<PendingClaim> claims) {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < claims.size(); i++) {
            PendingClaim claim = claims.get(i);
            ClaimResult result = decision.results().get(i);
            if (known.covers(decision.home(), restsOn(result, decision.issued()))) {
                meters.answer(claim, result);
            } else {
                answers.add(new Answer(claim, result));
            }
        }
        if (answers.isEmpty()) {
            decision.close();
        } else if (!hold(new Held(new Group(campaign, decision.home()), decision, answers))) {
            decision.close();
            tell(answers, false);
        }
    }

    private boolean hold(Held held) {
        lock.lock();
        try {
            if (!waiting.containsKey(held.group()) && waiting.size() == capacity) {
                return false;
            }
            waiting.merge(held.group(), held, Held::with);
            somethingWaits.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the replication of one group of decisions and answers what was held back for it.
     *
     * @param patience how long to wait for a decision to come
     * @return whether one came
     */
    public boolean step(Duration patience) throws InterruptedException {
        Held held = next(patience);
        if (held == null) {
            return false;
        }
        boolean replicated = false;
        try (Decision decision = held.latest()) {
            replicated = decision.confirm(budget);
            if (replicated) {
                confirmed.merge(
                        held.group().campaign(),
                        new Confirmed(decision.home(), decision.issued()),
                        Confirmed::or);
            }
        } finally {
            tell(held.answers(), replicated);
        }
        return true;
    }

    private @Nullable Held next(Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                if (nanos <= 0) {
                    return null;
                }
                nanos = somethingWaits.awaitNanos(nanos);
            }
            return waiting.remove(waiting.keySet().iterator().next());
        } finally {
            lock.unlock();
        }
    }

    private void tell(List<Answer> answers, boolean replicated) {
        for (Answer answer : answers) {
            meters.answer(
                    answer.claim(), replicated ? answer.result() : unconfirmed(answer.result()));
        }
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
