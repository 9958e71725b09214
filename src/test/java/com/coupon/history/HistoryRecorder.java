package com.coupon.history;

import com.coupon.history.Ask.Question;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Writes a history down while it happens. A moment is a number that grows with every look at it, so
 * that the order of what one thread sees before another is kept. Thread-safe.
 */
public final class HistoryRecorder {

    private final long quantity;
    private final LongSupplier moments;
    private final Queue<Asking> asks = new ConcurrentLinkedQueue<>();
    private final Queue<Acting> acts = new ConcurrentLinkedQueue<>();
    private final Queue<History.Row> rows = new ConcurrentLinkedQueue<>();
    private final Queue<Long> voids = new ConcurrentLinkedQueue<>();
    private final Queue<History.Event> deadLetters = new ConcurrentLinkedQueue<>();
    private final Queue<History.Event> events = new ConcurrentLinkedQueue<>();

    /**
     * @param quantity coupons at the start
     */
    public HistoryRecorder(long quantity) {
        this(quantity, new AtomicLong()::incrementAndGet);
    }

    /**
     * @param moments never falls; two moments that are equal have no order
     */
    public HistoryRecorder(long quantity, LongSupplier moments) {
        this.quantity = quantity;
        this.moments = moments;
    }

    /** A request under way; without an answer it may have its effect at any time. */
    public final class Asking {

        private final String member;
        private final Question question;
        private final long sent = moments.getAsLong();
        private volatile Ask ask;

        private Asking(String member, Question question) {
            this.member = member;
            this.question = question;
            this.ask =
                    new Ask(member, question, sent, History.NEVER, new Answer.Unknown("no answer"));
        }

        /** To be called once the answer is complete, or the client has given up. */
        public void answered(Answer answer) {
            ask = new Ask(member, question, sent, moments.getAsLong(), answer);
        }
    }

    /**
     * An act of an operator under way; unless it is told what became of it, it may have happened.
     */
    public final class Acting {

        private volatile Act act;

        private Acting(long delta, long revoked) {
            this.act = new Act(delta, revoked, moments.getAsLong(), History.NEVER);
        }

        /** It was confirmed. */
        public void done() {
            Act begun = act;
            act = new Act(begun.delta(), begun.revoked(), begun.sent(), moments.getAsLong());
        }

        /** It was refused for good and has no effect. */
        public void refused() {
            acts.remove(this);
        }
    }

    /** To be called before a claim is sent. */
    public Asking claim(String member) {
        return asking(member, Question.CLAIM);
    }

    /** To be called before the question is sent. */
    public Asking find(String member) {
        return asking(member, Question.FIND);
    }

    private Asking asking(String member, Question question) {
        Asking asking = new Asking(member, question);
        asks.add(asking);
        return asking;
    }

    /** To be called before more, or fewer, coupons are asked for. */
    public Acting adjust(long delta) {
        return acting(delta, 0);
    }

    /** To be called before a revocation is asked for. */
    public Acting revoke(long serial, boolean returnedToStock) {
        return acting(returnedToStock ? 1 : 0, serial);
    }

    private Acting acting(long delta, long revoked) {
        Acting acting = new Acting(delta, revoked);
        acts.add(acting);
        return acting;
    }

    public void row(History.Row row) {
        rows.add(row);
    }

    public void voided(long serial) {
        voids.add(serial);
    }

    public void deadLetter(History.Event event) {
        deadLetters.add(event);
    }

    public void event(History.Event event) {
        events.add(event);
    }

    /** What is written down so far, in the order of sending. */
    public History history(boolean settled) {
        List<Ask> asked = new ArrayList<>();
        asks.forEach(asking -> asked.add(asking.ask));
        List<Act> acted = new ArrayList<>();
        acts.forEach(acting -> acted.add(acting.act));
        Set<Long> voided = new HashSet<>(voids);
        return new History(
                quantity,
                asked,
                acted,
                List.copyOf(rows),
                voided,
                List.copyOf(deadLetters),
                List.copyOf(events),
                settled);
    }
}
