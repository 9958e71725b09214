package com.coupon.shared.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * {@code coupon.web}: bounds of what is read from a request, and of how many there may be.
 *
 * @param maxBody the largest body of a request, unless it is CSV
 * @param maxCsv the largest body of CSV, which is read as a stream
 * @param maxPage items in a page of a list at most
 * @param trustedProxies addresses and networks (CIDR) of the proxies whose X-Forwarded-For is
 *     believed
 * @param rateLimits how many requests are let in
 */
@ConfigurationProperties("coupon.web")
@Validated
record WebProperties(
        @DefaultValue("64KB") DataSize maxBody,
        @DefaultValue("1GB") DataSize maxCsv,
        @DefaultValue("1000") @Min(1) @Max(10_000) int maxPage,
        @DefaultValue List<String> trustedProxies,
        @Valid @DefaultValue RateLimits rateLimits) {

    WebProperties {
        for (String proxy : trustedProxies) {
            try {
                new IpAddressMatcher(proxy).matches("127.0.0.1");
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "trusted-proxies: '"
                                + proxy
                                + "' is neither an address nor a network like 10.0.0.0/8",
                        e);
            }
        }
    }

    /** Token buckets, each node keeping its own. */
    record RateLimits(
            @Valid @DefaultValue Member member,
            @Valid @DefaultValue Address address,
            @Valid @DefaultValue Node node) {}

    /**
     * Of a member, on the routes of claims. A client that repeats after each 503 or 202, as it is
     * told to, stays far below.
     *
     * @param enabled whether there is this limit
     * @param capacity requests at once
     * @param refill requests that are allowed again in each period, evenly
     * @param period of the refill
     * @param maxMembers members who are remembered, at 16 bytes each; the least active give way
     */
    record Member(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("10") @Min(1) @Max(1_000_000) long capacity,
            @DefaultValue("5") @Min(1) @Max(1_000_000) long refill,
            @DefaultValue("1s") @DurationMin(millis = 100) @DurationMax(hours = 1) Duration period,
            @DefaultValue("1000000") @Min(1) @Max(10_000_000) int maxMembers) {}

    /**
     * Of the address of a client, for what comes without an identity. Generous, because thousands
     * of people may share the address of a carrier or an office.
     *
     * @param enabled whether there is this limit
     * @param capacity requests at once
     * @param refill requests that are allowed again in each period, evenly
     * @param period of the refill
     * @param maxAddresses addresses that are remembered, at 16 bytes each; the least active give
     *     way
     */
    record Address(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("1000") @Min(1) @Max(1_000_000) long capacity,
            @DefaultValue("500") @Min(1) @Max(1_000_000) long refill,
            @DefaultValue("1s") @DurationMin(millis = 100) @DurationMax(hours = 1) Duration period,
            @DefaultValue("100000") @Min(1) @Max(10_000_000) int maxAddresses) {}

    /**
     * Of the node, for all its public routes together: about what two cores serve at their best, so
     * that what is more is turned away while that is still cheap.
     *
     * @param enabled whether there is this limit
     * @param capacity requests at once
     * @param refill requests that are allowed again in each period, evenly
     * @param period of the refill
     */
    record Node(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("50000") @Min(1) @Max(1_000_000) long capacity,
            @DefaultValue("50000") @Min(1) @Max(1_000_000) long refill,
            @DefaultValue("1s") @DurationMin(millis = 100) @DurationMax(hours = 1)
                    Duration period) {}
}
