package com.coupon.local;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code coupon.demo}: the crowd that claims in the local run by itself.
 *
 * @param crowd members, 0 for none
 * @param duration over which they come
 */
@ConfigurationProperties("coupon.demo")
@Validated
record DemoProperties(
        @DefaultValue("0") @Min(0) @Max(1_000_000) int crowd,
        @DefaultValue("60s") @DurationMin(seconds = 1) @DurationMax(hours = 1) Duration duration) {}
