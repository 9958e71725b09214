package com.coupon.issuance.adapter.out.redis;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code coupon.redis}: where Redis is and how long it may take.
 *
 * @param mode what the nodes are
 * @param nodes addresses as {@code host:port}: the server, the sentinels, or some nodes of the
 *     cluster
 * @param sentinelMaster the name the sentinels know the primary by; only for SENTINEL
 * @param user the ACL user, or none for the default user
 * @param password of the user, or none
 * @param sentinelUser the ACL user at the sentinels, or none
 * @param sentinelPassword of that user, or none
 * @param tls whether to speak TLS; the certificate and the host name are verified against the JVM's
 *     trust store
 * @param connectTimeout how long establishing a connection may take
 * @param timeout how long one answer may take; after that the outcome of the call is unknown.
 *     Replicas have half of it to follow a change of a campaign
 * @param connections connections per server at most, once for public views and once for all else;
 *     claims have their own
 * @param maxWait how long to wait for one of them
 * @param replicasToAwait how many replicas must have a winner before he is told; await all that may
 *     be promoted. 0 where there are none
 */
@ConfigurationProperties("coupon.redis")
@Validated
record RedisProperties(
        @DefaultValue("STANDALONE") Mode mode,
        @DefaultValue("localhost:6379") @NotEmpty List<String> nodes,
        @Nullable String sentinelMaster,
        @Nullable String user,
        @Nullable String password,
        @Nullable String sentinelUser,
        @Nullable String sentinelPassword,
        @DefaultValue("false") boolean tls,
        @DefaultValue("1s") @DurationMin(millis = 10) @DurationMax(seconds = 30)
                Duration connectTimeout,
        @DefaultValue("1s") @DurationMin(millis = 100) @DurationMax(seconds = 30) Duration timeout,
        @DefaultValue("16") @Min(2) @Max(1000) int connections,
        @DefaultValue("500ms") @DurationMin(millis = 1) @DurationMax(seconds = 30) Duration maxWait,
        @DefaultValue("0") @Min(0) @Max(16) int replicasToAwait) {

    /** What the nodes are. */
    enum Mode {
        STANDALONE,
        SENTINEL,
        CLUSTER
    }

    /**
     * @throws IllegalArgumentException if a sentinel setup does not name its primary
     */
    RedisProperties {
        if (mode == Mode.SENTINEL && (sentinelMaster == null || sentinelMaster.isBlank())) {
            throw new IllegalArgumentException(
                    "coupon.redis.sentinel-master names the primary; it is missing.");
        }
    }
}
