package com.coupon.issuance.application;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.coupon.issuance.application.IssuanceProperties.Acknowledge;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.CouponStock.Decision;
import com.coupon.issuance.port.out.Ticker;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
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
 * Holds back the answers that a failover could make untrue, until what they rest on is safe: on the
 * replicas, or in Kafka, too. A yes rests on its serial, SOLD_OUT on the highest serial there is;
 * every other refusal goes out at once.
 *
 * <p>Waiting is shared as deciding is: decisions of one campaign that come while its replication is
 * awaited are confirmed together by the next wait, on the connection of the latest of them, because
 * that one comes after them all. {@link #release} and {@link #confirmed} may be called by any
 * thread, {@link #step} by as many as configured.
 */
@ApiRole
public final class AcknowledgementGate {

    /** How long after a look for what is not published yet the next one follows. */
    private static final Duration PUBLICATION_INTERVAL = Duration.ofMillis(5);

    /**
     * @param since when it was held back, by the ticker
     */
    private record Answer(PendingClaim claim, ClaimResult result, long restsOn, long since) {}

    /** Decisions that one home can confirm together. */
    private record Group(CampaignId campaign, String home) {}

    /**
     * The answers of a group, and the latest of its decisions.
     *
     * @param due when to ask for it, by the ticker
     */
    private record Held(Group group, Decision latest, List<Answer> answers, long due) {

        /**
         * This and another one. The decision that is further stands for both, whichever of the two
         * came back first from a wait.
         */
        Held with(Held other) {
            boolean further = latest.watermark().issued() > other.latest.watermark().issued();
            (further ? other : this).latest.close();
            answers.addAll(other.answers);
            return new Held(group, further ? latest : other.latest, answers, other.due);
        }
    }

    private final boolean open;
    private final boolean awaitsPublication;
    private final Duration budget;
    private final int capacity;
    private final ClaimAnswers meters;
    private final Ticker ticker;
    private final Timer confirmedAfter;
    private final Timer unconfirmedAfter;

    /** In the order of their coming; guarded by the lock. */
    private final Map<Group, Held> waiting = new LinkedHashMap<>();

    private final Lock lock = new ReentrantLock();
    private final Condition somethingWaits = lock.newCondition();

    /**
     * Only campaigns that have issued something are in it, so it grows with the catalogue and not
     * with the crowd.
     */
    private final Map<CampaignId, Confirmed> confirmed = new ConcurrentHashMap<>();

    AcknowledgementGate(
            IssuanceProperties properties,
            CouponStock stock,
            ClaimAnswers meters,
            Ticker ticker,
            MeterRegistry registry) {
        this.awaitsPublication = properties.acknowledgeAfter() == Acknowledge.PUBLICATION;
        this.open =
                properties.acknowledgeAfter() == Acknowledge.DECISION
                        || (!awaitsPublication && !stock.isReplicated());
        this.budget = properties.gate().budget();
        this.capacity = properties.gate().threads();
        this.meters = meters;
        this.ticker = ticker;
        this.confirmedAfter = timer(registry, "confirmed");
        this.unconfirmedAfter = timer(registry, "unconfirmed");
    }

    private static Timer timer(MeterRegistry registry, String outcome) {
        return Timer.builder("coupon.claims.gate")
                .description("How long answers were held back until what they rest on was safe")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** How far a campaign is known to be safe. */
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
        long now = ticker.nanos();
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < claims.size(); i++) {
            PendingClaim claim = claims.get(i);
            ClaimResult result = decision.results().get(i);
            long restsOn = restsOn(result, decision.watermark().issued());
            if (restsOn <= decision.cut() || known.covers(decision.home(), restsOn)) {
                meters.answer(claim, result);
            } else {
                answers.add(new Answer(claim, result, restsOn, now));
            }
        }
        if (answers.isEmpty()) {
            decision.close();
            return;
        }
        var held = new Held(new Group(campaign, decision.home()), decision, answers, now);
        if (!hold(held)) {
            decision.close();
            answers.forEach(answer -> tell(answer, false));
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
     * Waits for the replication of one group of decisions and answers what was held back for it,
     * but for what is not published yet and still has time.
     *
     * @param patience how long to wait for a decision to come
     * @return whether one came
     */
    public boolean step(Duration patience) throws InterruptedException {
        Held held = next(patience);
        if (held == null) {
            return false;
        }
        List<Answer> early = new ArrayList<>();
        try {
            long safe = safe(held);
            for (Answer answer : held.answers()) {
                if (awaitsPublication && safe >= 0 && isEarly(answer, safe)) {
                    early.add(answer);
                } else {
                    tell(answer, answer.restsOn() <= safe);
                }
            }
        } finally {
            if (early.isEmpty()) {
                held.latest().close();
            } else {
                holdAgain(held, early);
            }
        }
        return true;
    }

    /** Up to which serial the group is safe, or -1 where its replicas do not follow. */
    private long safe(Held held) {
        Decision decision = held.latest();
        if (!decision.confirm(budget)) {
            return -1;
        }
        long issued = decision.watermark().issued();
        long safe = awaitsPublication ? Math.min(issued, decision.published()) : issued;
        confirmed.merge(
                held.group().campaign(), new Confirmed(decision.home(), safe), Confirmed::or);
        return safe;
    }

    private boolean isEarly(Answer answer, long safe) {
        return answer.restsOn() > safe && ticker.nanos() - answer.since() < budget.toNanos();
    }

    /** Together with what has come for the group meanwhile. */
    private void holdAgain(Held held, List<Answer> early) {
        long due = ticker.nanos() + PUBLICATION_INTERVAL.toNanos();
        var again = new Held(held.group(), held.latest(), early, due);
        lock.lock();
        try {
            Held later = waiting.remove(held.group());
            waiting.put(held.group(), later == null ? again : again.with(later));
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Held next(Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (true) {
                long now = ticker.nanos();
                long soonest = nanos;
                for (Held held : waiting.values()) {
                    if (held.due() - now <= 0) {
                        return waiting.remove(held.group());
                    }
                    soonest = Math.min(soonest, held.due() - now);
                }
                if (nanos <= 0) {
                    return null;
                }
                nanos -= soonest - Math.max(0, somethingWaits.awaitNanos(soonest));
            }
        } finally {
            lock.unlock();
        }
    }

    private void tell(Answer answer, boolean safe) {
        (safe ? confirmedAfter : unconfirmedAfter)
                .record(ticker.nanos() - answer.since(), NANOSECONDS);
        meters.answer(answer.claim(), safe ? answer.result() : unconfirmed(answer.result()));
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
