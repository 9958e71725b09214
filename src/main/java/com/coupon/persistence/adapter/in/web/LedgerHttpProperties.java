package com.coupon.persistence.adapter.in.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code coupon.persistence.http}: how much of the ledger is shown at once.
 *
 * @param maxLimit rows per page of a listing at most
 */
@ConfigurationProperties("coupon.persistence.http")
@Validated
record LedgerHttpProperties(@DefaultValue("1000") @Min(1) @Max(10_000) int maxLimit) {}
