package com.coupon.crowd;

import com.coupon.report.Latency;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a crowd was told.
 *
 * @param clients members in the crowd
 * @param answers how many members were told what in the end: the {@code code} of a problem, or one
 *     of the constants here; they add up to {@code clients}
 * @param repeats how many requests were repeats, by what made them necessary
 * @param elapsed from the first request to the last answer
 * @param latency of all requests that were answered, from handing one to the connection pool until
 *     its response was read; so it includes opening a connection where none was
 * @param overTime how many members were told what in the end, and how many requests had to be
 *     repeated for what reason, in each tenth of a second
 * @param winners the members who were told yes, by nothing in particular
 */
public record Tally(
        int clients,
        SortedMap<String, Long> answers,
        SortedMap<String, Long> repeats,
        Duration elapsed,
        Latency latency,
        SortedMap<String, long[]> overTime,
        @JsonIgnore List<Winner> winners) {

    /** Won with this very request. */
    public static final String ISSUED = "issued";

    /** Won with an earlier request whose outcome the member had not heard. */
    public static final String ALREADY_ISSUED = "already-issued";

    public static final String SOLD_OUT = "sold-out";

    /** Heard nothing final, however often the claim was repeated. */
    public static final String GAVE_UP = "gave-up";

    /** Was still in the queue, or waiting to ask again, when the time was over. */
    public static final String OUT_OF_TIME = "out-of-time";

    /** Told of a coupon without ever having asked for one. */
    public static final String ISSUED_UNASKED = "issued-unasked";

    /** Told of a coupon of another member or campaign, or in words that cannot be read. */
    public static final String UNINTELLIGIBLE = "unintelligible";

    /** Told of a coupon, and then of another one or of none. */
    public static final String TOLD_OTHERWISE = "told-otherwise";

    /** A repeat that nothing made necessary. */
    public static final String ASKED_TWICE = "asked-twice";

    /**
     * A member who was told yes.
     *
     * @param code the secret that redeems the coupon
     */
    public record Winner(String member, long serial, String code) {}

    public Tally {
        answers = Collections.unmodifiableSortedMap(answers);
        repeats = Collections.unmodifiableSortedMap(repeats);
        overTime = Collections.unmodifiableSortedMap(overTime);
        winners = List.copyOf(winners);
    }

    /** How many members were told this in the end. */
    public long told(String answer) {
        return answers.getOrDefault(answer, 0L);
    }

    /** Members who know for good whether they have a coupon. */
    public long finallyAnswered() {
        return told(ISSUED) + told(ALREADY_ISSUED) + told(SOLD_OUT);
    }

    public double seconds() {
        return elapsed.toNanos() / 1e9;
    }

    /** Members answered for good, not requests. */
    public double claimsPerSecond() {
        return finallyAnswered() / seconds();
    }

    static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
