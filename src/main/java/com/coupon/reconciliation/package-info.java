/**
 * The comparison of what Redis has issued with what the ledger has recorded, and the mending of
 * differences. It may look at both sides and is known by neither.
 */
@ApplicationModule(
        displayName = "Reconciliation",
        allowedDependencies = {
            "shared",
            "shared::web",
            "shared::audit",
            "issuance",
            "issuance::api",
            "persistence",
            "persistence::api"
        })
@NullMarked
package com.coupon.reconciliation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
