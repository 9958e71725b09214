package com.coupon.architecture.violations;

import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Breaks the rule that every bean has a role. */
@Component
@Profile("violation")
final class BeanWithoutRole {}
