package com.coupon.issuance.application;

import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.port.out.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The claims that wait in a lane, first come, first served. Who would wait too long is turned away
 * at the door, since giving up on those who have waited longest would serve the last to come first.
 *
 * <p>How long is too long depends, as with Controlled Delay (Nichols and Jacobson, "Controlling
 * Queue Delay", ACM Queue 10(5), 2012): a burst may take {@code queue-timeout} to be worked off;
 * but once the queue has not been worked off for {@code queue-interval}, more comes than can be
 * done, and a long queue would only make everybody wait; then it is {@code queue-target}, until
 * nobody has been turned away for as long. The wait is told from the batches that are ahead and the
 * time that batches take.
 *
 * <p>Questions, and repeats of those who are known to have won, are let in up to the capacity and
 * go first, with half of each batch at most while others wait. Thread-safe; {@link #take} is called
 * by one thread.
 */
final class ClaimQueue {

    /** How much the last batch says of how long the next ones take. */
    private static final int WEIGHT = 4;

    private final int capacity;
    private final int batchSize;
    private final long timeout;
    private final long interval;
    private final long target;
    private final Lock lock = new ReentrantLock();
    private final Condition somethingWaits = lock.newCondition();
    private final Queue<PendingClaim> first = new ArrayDeque<>();
    private final Queue<PendingClaim> others = new ArrayDeque<>();

    /** By the ticker, as all times here. */
    private long lastEmpty;

    /** When a batch was taken that is not done yet; it is when the next one is taken. */
    private long takenAt;

    private boolean busy;

    /** A queue that is empty because of that keeps up with nothing. */
    private long lastTurnedAway;

    private long batchNanos;

    /** Whether a place that cannot be divided is theirs who do not go first; they take turns. */
    private boolean roundsUp;

    ClaimQueue(IssuanceProperties.Claims properties, long now) {
        this.capacity = properties.queueCapacity();
        this.batchSize = properties.batchSize();
        this.timeout = properties.queueTimeout().toNanos();
        this.interval = properties.queueInterval().toNanos();
        this.target = properties.queueTarget().toNanos();
        this.lastEmpty = now;
        this.lastTurnedAway = now - interval;
    }

    int size() {
        lock.lock();
        try {
            return waiting();
        } finally {
            lock.unlock();
        }
    }

    private int waiting() {
        return first.size() + others.size();
    }

    /**
     * @param hasWon whether the member is known to have won before
     * @return false where the claim is turned away
     */
    boolean offer(PendingClaim claim, boolean hasWon, long now) {
        boolean goesFirst = hasWon || claim.question() == Question.FIND;
        lock.lock();
        try {
            noteIfEmpty(now);
            Queue<PendingClaim> queue = goesFirst ? first : others;
            if (queue.size() == capacity || (!goesFirst && waitsTooLong(now))) {
                lastTurnedAway = now;
                return false;
            }
            queue.add(claim);
            somethingWaits.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void noteIfEmpty(long now) {
        if (waiting() == 0 && now - lastTurnedAway > interval) {
            lastEmpty = now;
        }
    }

    private boolean waitsTooLong(long now) {
        long batchesAhead = Math.min(waiting() / batchSize, 2L * others.size() / batchSize) + 1;
        long limit = now - lastEmpty > interval ? target : timeout;
        return batchesAhead > 1 && batchesAhead * batchNanos > limit;
    }

    /** Of each batch, however many there are who go first. */
    private int leftForOthers() {
        return (roundsUp ? batchSize + 1 : batchSize) / 2;
    }

    /**
     * Takes the claims of one batch, those that go first at its head.
     *
     * @param patience how long to wait for the first
     * @return none where there was none
     */
    List<PendingClaim> take(Duration patience, Ticker ticker) throws InterruptedException {
        long left = patience.toNanos();
        lock.lock();
        try {
            if (busy) {
                batchNanos += (ticker.nanos() - takenAt - batchNanos) / WEIGHT;
                busy = false;
            }
            while (waiting() == 0) {
                if (left <= 0) {
                    return List.of();
                }
                left = somethingWaits.awaitNanos(left);
            }
            List<PendingClaim> claims = new ArrayList<>(Math.min(waiting(), batchSize));
            drain(first, claims, others.isEmpty() ? batchSize : batchSize - leftForOthers());
            drain(others, claims, batchSize);
            roundsUp = !roundsUp;
            takenAt = ticker.nanos();
            busy = true;
            noteIfEmpty(takenAt);
            return claims;
        } finally {
            lock.unlock();
        }
    }

    private static void drain(Queue<PendingClaim> queue, List<PendingClaim> claims, int most) {
        while (claims.size() < most && !queue.isEmpty()) {
            claims.add(queue.remove());
        }
    }
}
