/**
 * The words that every module speaks: identifiers and roles; in {@code shared.web} what all HTTP
 * adapters have in common, in {@code shared.audit} the record of what operators did, and in {@code
 * shared.erasure} the forgetting of members, for which each module implements {@code shared.spi}.
 * It knows no other module.
 */
@ApplicationModule(
        displayName = "Shared",
        allowedDependencies = {})
@NullMarked
package com.coupon.shared;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
