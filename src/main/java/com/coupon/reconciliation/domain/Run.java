package com.coupon.reconciliation.domain;

import com.coupon.shared.CampaignId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One comparison of the two sides of a campaign.
 *
 * @param id rises in the order in which runs were asked for
 * @param requestedBy the operator, or the service itself
 * @param phase how far it is, or came
 * @param progress what it has looked at so far
 * @param tally what it has found so far; complete once it is {@link Status#COMPLETED}
 * @param startedAt null as long as it is queued
 * @param finishedAt null until it ends
 * @param reason why it failed, for people; else null
 */
public record Run(
        long id,
        CampaignId campaign,
        Mode mode,
        String requestedBy,
        Status status,
        Phase phase,
        Progress progress,
        Tally tally,
        boolean cancelRequested,
        Instant requestedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String reason) {

    /** What is done about findings. */
    public enum Mode {
        /** They are told. */
        DETECT,
        /** What can be mended without taking anything from anybody is mended. */
        REPAIR
    }

    /** Whether it goes on, and how it ended. */
    public enum Status {
        QUEUED,
        RUNNING,
        COMPLETED,
        CANCELLED,
        FAILED;

        public boolean isOver() {
            return this != QUEUED && this != RUNNING;
        }
    }

    /** What a run is at. */
    public enum Phase {
        /** Both sides are read once, to find out where they differ. */
        SCREENING,
        /** Where they differ they are read coupon by coupon. */
        EXAMINING,
        /** What differs is left alone for the grace period, and looked at again. */
        SETTLING,
        /** What still differs is stored, and mended where that was asked for. */
        REPORTING
    }

    /**
     * What was read.
     *
     * @param winners from Redis, the second reading not counted
     * @param rows from the ledger, likewise
     * @param examined coupons that were looked at one by one, of both sides
     */
    public record Progress(long winners, long rows, long examined) {

        public static final Progress NONE = new Progress(0, 0, 0);
    }

    /**
     * What was found.
     *
     * @param findings how many
     * @param repaired how many of them were mended, or left to a rebuild that was asked for
     * @param quarantined how many wait for a person
     * @param truncated whether there is more than a run keeps, so that another one is needed
     */
    public record Tally(long findings, long repaired, long quarantined, boolean truncated) {

        public static final Tally NONE = new Tally(0, 0, 0, false);

        /** With one more. */
        public Tally plus(Disposition disposition) {
            return new Tally(
                    findings + (disposition == Disposition.VANISHED ? 0 : 1),
                    repaired + (disposition.isRepair() ? 1 : 0),
                    quarantined + (disposition == Disposition.QUARANTINED ? 1 : 0),
                    truncated);
        }

        public Tally withTruncated(boolean value) {
            return new Tally(findings, repaired, quarantined, value);
        }
    }

    /** What has become of a finding. */
    public enum Disposition {
        /** It was told, and nothing else. */
        REPORTED,
        /** It is mended. */
        REPAIRED,
        /** The campaign was suspended, so that a rebuild mends it. */
        REBUILDING,
        /** A person has to decide. */
        QUARANTINED,
        /** It was not there any more when it was about to be mended. */
        VANISHED;

        public boolean isRepair() {
            return this == REPAIRED || this == REBUILDING;
        }
    }
}
