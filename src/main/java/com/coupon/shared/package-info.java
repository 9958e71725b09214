/**
 * The words that every module speaks: identifiers, roles and, in {@code shared.web}, what all HTTP
 * adapters have in common. It knows no other module.
 */
@ApplicationModule(
        displayName = "Shared",
        allowedDependencies = {})
@NullMarked
package com.coupon.shared;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
