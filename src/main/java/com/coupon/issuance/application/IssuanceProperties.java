package com.coupon.issuance.application;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code coupon.issuance}: how claims are decided and how winners travel to the ledger.
 *
 * @param acknowledgeAfter what must have happened before a winner is told: the decision alone, its
 *     replication, or its publication, too
 * @param claims bounds of the claim path
 * @param soldOut bounds of what is remembered of campaigns that are sold out
 * @param warmUp bounds of practising before readiness
 * @param gate bounds of waiting for replication
 * @param relay bounds of the way from the outbox to Kafka
 * @param rebuild bounds of making campaigns anew in Redis
 * @param retention how long an archived campaign still answers its winners
 * @param allowLists bounds of allow-lists
 * @param catalogInterval how often the {@code consumer} role brings Redis in line with the
 *     catalogue
 * @param stats bounds of what is counted and shown of campaigns
 * @param events bounds of following campaigns live
 */
@ConfigurationProperties("coupon.issuance")
@Validated
public record IssuanceProperties(
        @DefaultValue("replication") Acknowledge acknowledgeAfter,
        @Valid @DefaultValue Claims claims,
        @Valid @DefaultValue SoldOut soldOut,
        @Valid @DefaultValue WarmUp warmUp,
        @Valid @DefaultValue Gate gate,
        @Valid @DefaultValue Relay relay,
        @Valid @DefaultValue Rebuild rebuild,
        @DefaultValue("30d") @DurationMin(millis = 1) @DurationMax(days = 3650) Duration retention,
        @Valid @DefaultValue AllowLists allowLists,
        @DefaultValue("5s") @DurationMin(millis = 100) @DurationMax(minutes = 10)
                Duration catalogInterval,
        @Valid @DefaultValue Stats stats,
        @Valid @DefaultValue Events events) {

    /** What must have happened before a winner is told. */
    public enum Acknowledge {
        /** Redis decided. A failover can then lose winners who were told. */
        DECISION,
        /**
         * As many replicas as {@code coupon.redis.replicas-to-await} have it; the same as DECISION
         * where that is 0.
         */
        REPLICATION,
        /**
         * The same, and then Kafka has acknowledged it, so that he keeps his coupon even where all
         * of Redis is lost. While Kafka is away everybody hears that it is not known yet.
         */
        PUBLICATION
    }

    /**
     * {@code coupon.issuance.allow-lists}.
     *
     * @param maxMembers lines of a list at most, members who are named again included
     * @param uploads lists that are uploaded at once at most, because each holds a thread of the
     *     web server; one more is refused as overloaded
     */
    public record AllowLists(
            @DefaultValue("10000000") @Min(1) @Max(100_000_000) long maxMembers,
            @DefaultValue("2") @Min(1) @Max(64) int uploads) {}

    /**
     * {@code coupon.issuance.claims}.
     *
     * @param lanes threads that decide; a campaign is always decided by the same one, so this
     *     bounds how far a slow shard of Redis reaches
     * @param batchSize members per call of the script at most
     * @param queueCapacity claims that wait in each lane at most; one more is refused as overloaded
     * @param queueTimeout how long a claim waits in its lane at most; one that would wait longer,
     *     or has, is refused as overloaded, undecided
     * @param queueInterval how long a lane may go on without having worked off all that waits in
     *     it; after that more comes than it can do, until nobody has been refused for as long
     * @param queueTarget how long claims may wait in such a lane; one that would wait longer is
     *     refused as overloaded
     * @param answerWithin how long a request waits for its answer at most, all in all; then the
     *     outcome is unknown
     */
    public record Claims(
            @DefaultValue("2") @Min(1) @Max(64) int lanes,
            @DefaultValue("256") @Min(1) @Max(1000) int batchSize,
            @DefaultValue("10000") @Min(1) @Max(1_000_000) int queueCapacity,
            @DefaultValue("1s") @DurationMin(millis = 10) @DurationMax(seconds = 30)
                    Duration queueTimeout,
            @DefaultValue("1s") @DurationMin(millis = 10) @DurationMax(seconds = 30)
                    Duration queueInterval,
            @DefaultValue("25ms") @DurationMin(millis = 1) @DurationMax(seconds = 30)
                    Duration queueTarget,
            @DefaultValue("5s") @DurationMin(millis = 100) @DurationMax(minutes = 1)
                    Duration answerWithin) {}

    /**
     * {@code coupon.issuance.sold-out}: a node answers the claims of a campaign that is sold out
     * from memory, as long as its winners fit.
     *
     * @param winners of all such campaigns together who are held with their coupons at most, at
     *     about 0.4 KB each
     * @param fingerprints of winners at most, at 8 bytes each, where the coupons do not fit; Redis
     *     is then asked for winners only
     * @param pageSize winners that are read at once, about
     */
    public record SoldOut(
            @DefaultValue("20000") @Min(0) @Max(1_000_000) int winners,
            @DefaultValue("4000000") @Min(0) @Max(100_000_000) int fingerprints,
            @DefaultValue("1000") @Min(1) @Max(10_000) int pageSize) {}

    /**
     * {@code coupon.issuance.warm-up}: a process of the {@code api} role answers claims of its own
     * before it says that it is ready.
     *
     * @param claims how many; 0 for none
     * @param connections how many of them each of two threads has under way at once
     * @param atMost how long it goes on at most
     */
    public record WarmUp(
            @DefaultValue("300000") @Min(0) @Max(10_000_000) int claims,
            @DefaultValue("128") @Min(1) @Max(1_000) int connections,
            @DefaultValue("20s") @DurationMin(millis = 1) @DurationMax(minutes = 10)
                    Duration atMost) {}

    /**
     * {@code coupon.issuance.gate}.
     *
     * @param threads campaigns whose replication is awaited at once; as many again may queue, and
     *     winners of those beyond hear PENDING at once
     * @param budget how long replication is awaited at most, and how long after the decision
     *     publication is
     */
    public record Gate(
            @DefaultValue("4") @Min(1) @Max(64) int threads,
            @DefaultValue("500ms") @DurationMin(millis = 1) @DurationMax(seconds = 10)
                    Duration budget) {}

    /**
     * {@code coupon.issuance.relay}.
     *
     * @param queueCapacity issued coupons that this node holds in memory for publishing at most;
     *     those beyond wait in the outbox for a sweep
     * @param batchSize coupons per publication at most
     * @param sweepInterval how often each campaign is searched for entries that were left behind,
     *     by one node or another
     * @param sweepAge how long an entry has been waiting before a sweep takes it
     */
    public record Relay(
            @DefaultValue("10000") @Min(1) @Max(1_000_000) int queueCapacity,
            @DefaultValue("500") @Min(1) @Max(10_000) int batchSize,
            @DefaultValue("2s") @DurationMin(millis = 10) @DurationMax(minutes = 10)
                    Duration sweepInterval,
            @DefaultValue("5s") @DurationMin(millis = 1) @DurationMax(minutes = 10)
                    Duration sweepAge) {}

    /**
     * {@code coupon.issuance.rebuild}: the {@code consumer} role looks after campaigns that Redis
     * has lost something of.
     *
     * @param interval how long after one look at all campaigns the next one follows
     * @param grace how long a campaign has been seen suspended before its rebuild begins: the time
     *     that nodes have to publish what they decided before Redis lost it, to tell of the highest
     *     serial they have seen, and to forget that it was sold out
     * @param lease how long one node may be silent in the middle of a rebuild before another
     *     begins; longer than {@code coupon.persistence.catch-up-timeout}
     * @param batchSize coupons that are read or written at once at most
     */
    public record Rebuild(
            @DefaultValue("100ms") @DurationMin(millis = 10) @DurationMax(minutes = 1)
                    Duration interval,
            @DefaultValue("250ms") @DurationMin(millis = 250) @DurationMax(minutes = 1)
                    Duration grace,
            @DefaultValue("15s") @DurationMin(millis = 100) @DurationMax(minutes = 10)
                    Duration lease,
            @DefaultValue("1000") @Min(1) @Max(1000) int batchSize) {}

    /**
     * {@code coupon.issuance.stats}.
     *
     * @param flushInterval how often each node of the {@code api} role adds what it has told
     *     members to the totals in Redis; what it had not added is lost when it dies
     * @param campaigns campaigns whose answers a node counts at once at most; those beyond have
     *     fewer answers in their stats than they gave
     * @param readInterval how often the {@code consumer} role reads what its gauges show
     * @param stockGauges campaigns that have a gauge of what is left at most, in the order of their
     *     ids
     */
    public record Stats(
            @DefaultValue("1s") @DurationMin(seconds = 1) @DurationMax(minutes = 1)
                    Duration flushInterval,
            @DefaultValue("1000") @Min(1) @Max(100_000) int campaigns,
            @DefaultValue("5s") @DurationMin(millis = 100) @DurationMax(minutes = 10)
                    Duration readInterval,
            @DefaultValue("100") @Min(0) @Max(10_000) int stockGauges) {}

    /**
     * {@code coupon.issuance.events}.
     *
     * @param subscribers clients that follow a campaign at this node at once at most, each on a
     *     connection of its own; one more is refused as overloaded
     * @param interval how long after one look at the campaigns that are followed the next one
     *     comes, and so how often a client hears of changes at most
     * @param heartbeat how often every client hears something, so that nobody takes the connection
     *     for dead; a client that has gone is noticed by the second one
     * @param lifetime how long a client is answered; then it has to ask again
     * @param retry how long a client is told to wait before it asks again, at least; at most twice
     *     as long
     */
    public record Events(
            @DefaultValue("1000") @Min(1) @Max(100_000) int subscribers,
            @DefaultValue("1s") @DurationMin(millis = 100) @DurationMax(minutes = 1)
                    Duration interval,
            @DefaultValue("15s") @DurationMin(millis = 100) @DurationMax(minutes = 5)
                    Duration heartbeat,
            @DefaultValue("10m") @DurationMin(seconds = 1) @DurationMax(hours = 24)
                    Duration lifetime,
            @DefaultValue("3s") @DurationMin(millis = 100) @DurationMax(minutes = 5)
                    Duration retry) {}
}
