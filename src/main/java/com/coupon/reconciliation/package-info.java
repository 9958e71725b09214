/**
 * Whether what Redis has issued is what the ledger has recorded: the counts of a campaign, and the
 * comparison of both sides, coupon by coupon, with the repair of what differs. It may look at both
 * sides and is known by neither.
 *
 * <p>Owns the tables {@code reconciliation_runs}, {@code reconciliation_findings} and {@code
 * shedlock}.
 */
@ApplicationModule(
        displayName = "Reconciliation",
        allowedDependencies = {
            "shared",
            "shared::web",
            "shared::audit",
            "shared::spi",
            "issuance",
            "issuance::api",
            "persistence",
            "persistence::api"
        })
@NullMarked
package com.coupon.reconciliation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
