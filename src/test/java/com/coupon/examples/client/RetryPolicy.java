package com.coupon.examples.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How often to ask, and how long to wait in between. Immutable.
 *
 * @param attempts requests of one claim at most, the first one included; 1 to 100
 * @param deadline how long one claim may take, all requests and waits together; up to 1 h
 * @param answerWithin how long one answer may take, up to 1 min. It is longer than the service
 *     allows itself (5 s), since what is given up is decided all the same
 * @param firstBackOff what the first back-off is at most, doubled for each further one; 1 ms or
 *     more
 * @param longestBackOff what a back-off is at most, up to 1 min
 */
public record RetryPolicy(
        int attempts,
        Duration deadline,
        Duration answerWithin,
        Duration firstBackOff,
        Duration longestBackOff) {

    /** For a person who waits for the answer. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(
                    6,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10));

    /** What a server may ask for that is taken at its word; what is more counts as this. */
    static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

    /** Digits of a number of seconds that is certainly longer than that. */
    private static final int TOO_MANY_DIGITS = 10;

    public RetryPolicy {
        isWithin(Duration.ofMillis(1), deadline, Duration.ofHours(1));
        isWithin(Duration.ofMillis(1), answerWithin, Duration.ofMinutes(1));
        isWithin(Duration.ofMillis(1), longestBackOff, Duration.ofMinutes(1));
        isWithin(Duration.ofMillis(1), firstBackOff, longestBackOff);
        if (attempts < 1 || attempts > 100) {
            throw new IllegalArgumentException(attempts + " attempts");
        }
    }

    private static void isWithin(Duration least, Duration value, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(value + ", not " + least + " to " + most);
        }
    }

    /**
     * How long to wait before asking again: what the server asks for, and then a back-off by
     * chance, from nothing to twice as much as the time before. That is exponential back-off with
     * full jitter (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015) on
     * top of a lower bound, so that those who were told the same do not come back together.
     *
     * @param failures answers in a row that were not final, 1 or more
     * @param retryAfter what the server asks for, or null
     */
    public Duration waitAfter(int failures, @Nullable Duration retryAfter, RandomGenerator random) {
        long most = firstBackOff.toNanos();
        for (int i = 1; i < failures && most < longestBackOff.toNanos(); i++) {
            most *= 2;
        }
        long backOff = random.nextLong(Math.min(most, longestBackOff.toNanos()) + 1);
        return (retryAfter == null ? Duration.ZERO : retryAfter).plusNanos(backOff);
    }

    /**
     * Whether there is a further attempt.
     *
     * @param attempts that were made
     * @param elapsed since the first one began
     * @param wait before the next one
     */
    public boolean allows(int attempts, Duration elapsed, Duration wait) {
        return attempts < this.attempts && elapsed.plus(wait).compareTo(deadline) < 0;
    }

    /**
     * Reads {@code Retry-After}, a number of seconds or a date (RFC 9110, 10.2.3).
     *
     * @param now what the server takes for now, as its {@code Date} says
     * @return null where there is none or it makes no sense; none that is longer than a day
     */
    static @Nullable Duration retryAfter(@Nullable String header, Instant now) {
        if (header == null || header.isBlank()) {
            return null;
        }
        String value = header.strip();
        Duration wait;
        if (value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            wait =
                    value.length() >= TOO_MANY_DIGITS
                            ? LONGEST_RETRY_AFTER
                            : Duration.ofSeconds(Long.parseLong(value));
        } else {
            Instant date = date(value);
            if (date == null) {
                return null;
            }
            wait = Duration.between(now, date);
        }
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait;
    }

    /** A date of HTTP, or null where it is none. */
    static @Nullable Instant date(String header) {
        try {
            return ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
