/**
 * What Redis has issued beside what the ledger has recorded: so far the stats of a campaign. It may
 * look at both sides and is known by neither.
 */
@ApplicationModule(
        displayName = "Reconciliation",
        allowedDependencies = {
            "shared",
            "shared::web",
            "issuance",
            "issuance::api",
            "persistence",
            "persistence::api"
        })
@NullMarked
package com.coupon.reconciliation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
