package com.coupon.persistence.adapter.in.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code coupon.persistence.http}: how the ledger is exported, and dead letters replayed.
 *
 * @param exports exports at once at most, because each holds a thread of the web server; one more
 *     is refused as overloaded
 * @param exportPage rows that an export reads, and holds in memory, at a time
 * @param exportWithin how long an export may take; one that is still not at its end, because its
 *     client reads too slowly, is cut off
 * @param replays dead letters that are replayed at once at most, because each holds a thread of the
 *     web server and a connection to the database until Kafka has acknowledged it; one more is
 *     refused as overloaded
 */
@ConfigurationProperties("coupon.persistence.http")
@Validated
record LedgerHttpProperties(
        @DefaultValue("2") @Min(1) @Max(64) int exports,
        @DefaultValue("1000") @Min(1) @Max(10_000) int exportPage,
        @DefaultValue("30m") @DurationMin(seconds = 1) @DurationMax(hours = 24)
                Duration exportWithin,
        @DefaultValue("2") @Min(1) @Max(64) int replays) {}
