package com.coupon.architecture.violations.adapter.in.one;

import com.coupon.shared.EveryRole;
import org.springframework.context.annotation.Profile;
import org.springframework.retry.support.RetryTemplate;

/**
 * Breaks the rules that beans of adapters are package-private, and that only the ledger knows
 * spring-retry.
 */
@EveryRole
@Profile("violation")
public final class PublicAdapter {

    RetryTemplate retries() {
        return RetryTemplate.defaultInstance();
    }
}
