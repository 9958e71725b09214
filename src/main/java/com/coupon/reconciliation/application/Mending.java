package com.coupon.reconciliation.application;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.port.in.InspectCampaign;
import com.coupon.issuance.port.in.InspectCampaign.Standing;
import com.coupon.issuance.port.in.RebuildCampaign;
import com.coupon.issuance.port.in.Winners;
import com.coupon.persistence.port.in.ReadLedger;
import com.coupon.reconciliation.domain.Copy;
import com.coupon.reconciliation.domain.Copy.Status;
import com.coupon.reconciliation.domain.Finding;
import com.coupon.reconciliation.domain.Run.Disposition;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Mends what a comparison has found. Each repair is one script that looks again before it writes,
 * or a suspension that a rebuild follows, so it may be repeated and stands beside claims; none
 * takes a coupon from anybody who has one on both sides. Thread-safe.
 */
@ConsumerRole
final class Mending {

    private final InspectCampaign redis;
    private final Winners winners;
    private final RebuildCampaign rebuilds;
    private final ReadLedger ledger;

    Mending(InspectCampaign redis, Winners winners, RebuildCampaign rebuilds, ReadLedger ledger) {
        this.redis = redis;
        this.winners = winners;
        this.rebuilds = rebuilds;
        this.ledger = ledger;
    }

    /** What has become of a finding, and what a person should know besides. */
    record Mended(Disposition disposition, @Nullable String note) {

        static Mended of(Disposition disposition) {
            return new Mended(disposition, null);
        }
    }

    /**
     * Mends one finding, or leaves it to a person.
     *
     * @throws RuntimeException if one of the sides cannot be asked; whether it is mended then is
     *     for the next run to find out
     */
    Mended mend(CampaignId campaign, Finding finding) {
        return switch (finding) {
            case Finding.MissingInLedger(Copy winner) -> republish(campaign, winner.coupon());
            case Finding.MissingInRedis(Copy row) -> restore(campaign, row);
            case Finding.Conflict conflict when conflict.isRepairable() -> mend(campaign, conflict);
            case Finding.StockDrift drift -> mend(campaign, drift);
            case Finding.OrphanOutbox(String _, IssuedCoupon coupon, Copy winner)
                    when coupon != null && winner == null ->
                    adopt(campaign, coupon);
            case Finding.Conflict _, Finding.Oversold _, Finding.OrphanOutbox _ ->
                    Mended.of(Disposition.QUARANTINED);
        };
    }

    private Mended republish(CampaignId campaign, IssuedCoupon coupon) {
        Long letter = ledger.openLetters(campaign, List.of(coupon.serial())).get(coupon.serial());
        if (letter != null) {
            // It was refused, and would be again.
            return new Mended(
                    Disposition.QUARANTINED, "Dead letter " + letter + " has to be decided on.");
        }
        return switch (redis.republish(coupon)) {
            case APPENDED -> Mended.of(Disposition.REPAIRED);
            case CHANGED -> Mended.of(Disposition.VANISHED);
        };
    }

    private Mended restore(CampaignId campaign, Copy missing) {
        List<Copy> rows =
                ledger.rowsOf(campaign, List.of(missing.serial()), List.of()).stream()
                        .map(Comparison::copy)
                        .toList();
        if (rows.isEmpty() || !rows.getFirst().isSameCouponAs(missing)) {
            return Mended.of(Disposition.VANISHED);
        }
        Copy row = rows.getFirst();
        // One that is being taken back is taken back there, too, whichever comes first.
        return restore(row.coupon(), row.status() == Status.REVOKED);
    }

    private Mended restore(IssuedCoupon coupon, boolean revoked) {
        return switch (redis.restore(coupon, revoked)) {
            case RESTORED -> Mended.of(Disposition.REPAIRED);
            case PRESENT, FORGOTTEN -> Mended.of(Disposition.VANISHED);
            case ANOTHER ->
                    new Mended(Disposition.QUARANTINED, "The member has another coupon in Redis.");
            case AHEAD -> rebuild(coupon.campaign());
        };
    }

    private Mended rebuild(CampaignId campaign) {
        return Mended.of(
                rebuilds.suspend(campaign) ? Disposition.REBUILDING : Disposition.VANISHED);
    }

    private Mended mend(CampaignId campaign, Finding.Conflict conflict) {
        Copy row = conflict.ledger();
        if (conflict.difference() == Finding.Difference.STATUS && row != null) {
            return winners.revoke(row.coupon())
                    ? Mended.of(Disposition.REPAIRED)
                    : new Mended(
                            Disposition.QUARANTINED, "The member has another coupon in Redis.");
        }
        return rebuild(campaign);
    }

    private Mended mend(CampaignId campaign, Finding.StockDrift drift) {
        Standing now = redis.standing(campaign).orElse(null);
        if (now == null) {
            return Mended.of(Disposition.VANISHED);
        }
        boolean still =
                switch (drift.measure()) {
                    case QUANTITY -> !now.settled() || now.quantity() != now.plannedQuantity();
                    case RETURNED -> !now.settled() || now.returned() != now.plannedReturned();
                    case REMAINING ->
                            now.quantity() + now.returned() - now.issued() != now.remaining();
                    case ISSUED -> now.winners() + ledger.countVoided(campaign) != now.issued();
                };
        return still ? rebuild(campaign) : Mended.of(Disposition.VANISHED);
    }

    /** The winner of an entry, unless the ledger knows better. */
    private Mended adopt(CampaignId campaign, IssuedCoupon coupon) {
        Set<Long> voided = ledger.voided(campaign, List.of(coupon.serial()));
        var entry = new Copy(coupon, Status.ISSUED);
        List<Copy> rows =
                ledger.rowsOf(campaign, List.of(coupon.serial()), List.of(coupon.member())).stream()
                        .map(Comparison::copy)
                        .toList();
        if (!voided.isEmpty() || !rows.stream().allMatch(entry::isSameCouponAs)) {
            return new Mended(Disposition.QUARANTINED, "The ledger contradicts the entry.");
        }
        boolean revoked = rows.stream().anyMatch(row -> row.status() == Status.REVOKED);
        return restore(coupon, revoked);
    }
}
