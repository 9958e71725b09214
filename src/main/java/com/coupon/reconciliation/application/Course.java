package com.coupon.reconciliation.application;

import com.coupon.reconciliation.domain.Run;
import com.coupon.reconciliation.domain.Run.Phase;
import com.coupon.reconciliation.domain.Run.Progress;
import com.coupon.reconciliation.domain.Run.Tally;
import com.coupon.reconciliation.port.in.RunReconciliations.Stop;
import com.coupon.reconciliation.port.out.Runs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How far a run is: tells it, about once a second, and learns by the way whether the run is to end.
 * Used by one thread.
 */
final class Course {

    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(1);

    /** The clock is looked at once for so many coupons. */
    private static final int BETWEEN_LOOKS = 1 << 13;

    private final long run;
    private final Runs runs;
    private final Stop stop;
    private final InstantSource clock;
    private Instant nextReport;
    private Phase phase = Phase.SCREENING;
    private long winners;
    private long rows;
    private long examined;
    private int untilLook = BETWEEN_LOOKS;
    private Tally tally = Tally.NONE;

    Course(long run, Runs runs, Stop stop, InstantSource clock) {
        this.run = run;
        this.runs = runs;
        this.stop = stop;
        this.clock = clock;
        this.nextReport = clock.instant().plus(BETWEEN_REPORTS);
    }

    void enter(Phase next) {
        phase = next;
        report();
    }

    void scanned() {
        winners++;
        look();
    }

    void recorded() {
        rows++;
        look();
    }

    /**
     * Of coupons that are looked at one by one; each page takes long enough to look at the clock.
     */
    void examined(int coupons) {
        examined += coupons;
        reportWhenDue();
    }

    void tally(Tally latest) {
        tally = latest;
        reportWhenDue();
    }

    Tally tally() {
        return tally;
    }

    Progress progress() {
        return new Progress(winners, rows, examined);
    }

    private void look() {
        if (--untilLook == 0) {
            untilLook = BETWEEN_LOOKS;
            reportWhenDue();
        }
    }

    void reportWhenDue() {
        if (!clock.instant().isBefore(nextReport)) {
            report();
        }
    }

    private void report() {
        nextReport = clock.instant().plus(BETWEEN_REPORTS);
        if (stop.within(Duration.ZERO)) {
            throw new IllegalStateException("The node that ran it was shut down.");
        }
        Run current = runs.report(run, phase, progress(), tally);
        if (current.status().isOver()) {
            throw new RunEndedException("It was ended by another node.");
        }
        if (current.cancelRequested()) {
            throw new RunEndedException("It was cancelled.");
        }
    }

    /** Waits, and goes on telling. */
    void pause(Duration time) {
        Instant end = clock.instant().plus(time);
        while (true) {
            Duration left = Duration.between(clock.instant(), end);
            if (left.isNegative() || left.isZero()) {
                return;
            }
            stop.within(left.compareTo(BETWEEN_REPORTS) < 0 ? left : BETWEEN_REPORTS);
            report();
        }
    }
}
