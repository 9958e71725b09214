/**
 * The ledger: every issued coupon as a row in PostgreSQL, recorded from Kafka exactly once however
 * often it is told.
 *
 * <p>Owns the tables {@code coupon_issuances}, {@code voided_serials} and {@code revocations}.
 */
@ApplicationModule(
        displayName = "Persistence",
        allowedDependencies = {
            "shared",
            "shared::web",
            "shared::audit",
            "shared::spi",
            "issuance",
            "issuance::api",
            "issuance::spi"
        })
@NullMarked
package com.coupon.persistence;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
