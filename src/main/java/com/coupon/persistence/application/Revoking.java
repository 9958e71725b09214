package com.coupon.persistence.application;

import com.coupon.issuance.port.in.AdjustStock;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.issuance.port.in.Winners;
import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.domain.Revocation;
import com.coupon.persistence.domain.RevocationResult;
import com.coupon.persistence.port.in.RevokeIssuances;
import com.coupon.persistence.port.out.Revocations;
import com.coupon.shared.ConsumerRole;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes coupons back, in an order in which at no moment two members hold the same place: noted in
 * PostgreSQL, revoked where claims are answered, revoked in the ledger together with the return to
 * the stock of the catalogue, and at last given back where claims are decided. Each step may be
 * repeated, so whatever is cut short is completed by taking them all again.
 */
@ConsumerRole
final class Revoking implements RevokeIssuances {

    private static final Logger log = LoggerFactory.getLogger(Revoking.class);

    private static final int PAGE_SIZE = 100;

    private final Revocations revocations;
    private final Winners winners;
    private final AdjustStock stock;
    private final ManageCampaigns campaigns;

    Revoking(
            Revocations revocations,
            Winners winners,
            AdjustStock stock,
            ManageCampaigns campaigns) {
        this.revocations = revocations;
        this.winners = winners;
        this.stock = stock;
        this.campaigns = campaigns;
    }

    @Override
    public RevocationResult revoke(Revocation asked) {
        if (campaigns.find(asked.campaign()).isEmpty()) {
            return new RevocationResult.UnknownCampaign();
        }
        Optional<Issuance> issuance = revocations.issuance(asked.campaign(), asked.serial());
        if (issuance.isEmpty()) {
            return new RevocationResult.UnknownIssuance();
        }
        Revocation noted = revocations.request(asked);
        if (noted.returnToStock() != asked.returnToStock()) {
            return new RevocationResult.AskedOtherwise();
        }
        if (!carryOut(noted, issuance.get())) {
            return new RevocationResult.Contradiction();
        }
        return revocations
                .issuance(asked.campaign(), asked.serial())
                .<RevocationResult>map(revoked -> new RevocationResult.Revoked(revoked, noted))
                .orElseThrow();
    }

    private boolean carryOut(Revocation revocation, Issuance issuance) {
        if (!winners.revoke(issuance.coupon())) {
            return false;
        }
        revocations.complete(
                revocation,
                () -> {
                    // The campaign is locked before the coupon, as everywhere.
                    if (revocation.returnToStock()) {
                        stock.giveBack(revocation.campaign());
                    }
                });
        if (revocation.returnToStock()) {
            campaigns.rollOut(revocation.campaign());
        }
        return true;
    }

    @Override
    public void carryOn() {
        // All of them in each turn: those that cannot be completed must not stand before others.
        Revocation after = null;
        List<Revocation> page;
        do {
            page = revocations.incomplete(after, PAGE_SIZE);
            for (Revocation revocation : page) {
                carryOn(revocation);
                after = revocation;
            }
        } while (page.size() == PAGE_SIZE);
    }

    private void carryOn(Revocation revocation) {
        try {
            Issuance issuance =
                    revocations.issuance(revocation.campaign(), revocation.serial()).orElseThrow();
            if (carryOut(revocation, issuance)) {
                log.info(
                        "The revocation of serial {} of {} is completed",
                        revocation.serial(),
                        revocation.campaign());
            } else {
                log.error(
                        "The revocation of serial {} of {} waits for somebody to look at it: Redis has another coupon of this member",
                        revocation.serial(),
                        revocation.campaign());
            }
        } catch (RuntimeException e) {
            log.warn(
                    "The revocation of serial {} of {} cannot be completed now: {}",
                    revocation.serial(),
                    revocation.campaign(),
                    e.toString());
        }
    }
}
