package com.coupon.persistence.application;

import com.coupon.issuance.port.in.AdjustStock;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.issuance.port.in.Winners;
import com.coupon.issuance.spi.LedgerRecovery;
import com.coupon.persistence.port.in.RecordIssuances;
import com.coupon.persistence.port.in.RevokeIssuances;
import com.coupon.persistence.port.out.DeadLetters;
import com.coupon.persistence.port.out.Ledger;
import com.coupon.persistence.port.out.PublishedIssuances;
import com.coupon.persistence.port.out.Revocations;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;

/** Puts the ledger's use cases together as Spring would, from ports of a test's own. */
public final class LedgerNodes {

    private LedgerNodes() {}

    /** What a node does with coupons that it reads of, and with those that a rebuild finds. */
    public record Keeping(RecordIssuances recording, LedgerRecovery recovery) {}

    public static Keeping keeping(
            Ledger ledger,
            PublishedIssuances published,
            DeadLetters letters,
            Revocations revocations,
            InstantSource clock,
            MeterRegistry meters) {
        var keeping = new LedgerKeeping(ledger, meters, clock);
        return new Keeping(
                keeping,
                new LedgerRecovering(keeping, ledger, published, letters, revocations, meters));
    }

    public static RevokeIssuances revoking(
            Revocations revocations,
            Winners winners,
            AdjustStock stock,
            ManageCampaigns campaigns) {
        return new Revoking(revocations, winners, stock, campaigns);
    }
}
