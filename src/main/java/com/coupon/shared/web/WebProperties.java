package com.coupon.shared.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * {@code coupon.web}: bounds of what is read from a request.
 *
 * @param maxBody the largest body of a request, unless it is CSV
 * @param maxCsv the largest body of CSV, which is read as a stream
 */
@ConfigurationProperties("coupon.web")
@Validated
record WebProperties(
        @DefaultValue("64KB") DataSize maxBody, @DefaultValue("1GB") DataSize maxCsv) {}
