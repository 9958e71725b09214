package com.coupon.persistence.application;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.spi.LedgerRecovery;
import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.domain.IssuanceFilter;
import com.coupon.persistence.domain.UnrecordableException;
import com.coupon.persistence.domain.UnrecordableException.Reason;
import com.coupon.persistence.port.out.DeadLetters;
import com.coupon.persistence.port.out.DeadLetters.OpenLetter;
import com.coupon.persistence.port.out.Ledger;
import com.coupon.persistence.port.out.Ledger.Vacancy;
import com.coupon.persistence.port.out.PublishedIssuances;
import com.coupon.persistence.port.out.Revocations;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger's side of a rebuild. What is recorded takes the same path as what the listener
 * records, so it does not matter which of the two comes first.
 *
 * <p>A coupon of an epoch that is over stands back behind those of the present one: where it was
 * told to its winner and then lost, its serial is void, and it is recorded there. Serials that are
 * merely free go to such coupons only after all that was published is recorded.
 */
@ConsumerRole
final class LedgerRecovering implements LedgerRecovery {

    private static final Logger log = LoggerFactory.getLogger(LedgerRecovering.class);

    private static final int BATCH = 1_000;

    /** Late coupons that wait for the others; those beyond become dead letters. */
    private static final int LATE = 1_000;

    private final LedgerKeeping keeping;
    private final Ledger ledger;
    private final PublishedIssuances published;
    private final DeadLetters letters;
    private final Revocations revocations;
    private final Map<Reason, Counter> leftOut = new EnumMap<>(Reason.class);

    LedgerRecovering(
            LedgerKeeping keeping,
            Ledger ledger,
            PublishedIssuances published,
            DeadLetters letters,
            Revocations revocations,
            MeterRegistry meters) {
        this.keeping = keeping;
        this.ledger = ledger;
        this.published = published;
        this.letters = letters;
        this.revocations = revocations;
        for (Reason reason : List.of(Reason.CONFLICT, Reason.LATE, Reason.REFUSED)) {
            leftOut.put(
                    reason,
                    Counter.builder("coupon.ledger.left.out")
                            .description("Coupons that a rebuild found and could not record")
                            .tag("reason", reason.name())
                            .register(meters));
        }
    }

    @Override
    public List<IssuedCoupon> record(List<IssuedCoupon> coupons) {
        List<IssuedCoupon> left = new ArrayList<>();
        for (int from = 0; from < coupons.size(); from += BATCH) {
            left.addAll(
                    recordAll(
                            coupons.subList(from, Math.min(from + BATCH, coupons.size())),
                            coupon -> keeping.revive(coupon, Vacancy.VOID)));
        }
        return left;
    }

    @Override
    public void catchUp(CampaignId campaign) {
        List<IssuedCoupon> late = new ArrayList<>();
        published.unconfirmed(
                campaign,
                coupons ->
                        recordAll(
                                coupons,
                                coupon ->
                                        keeping.revive(coupon, Vacancy.VOID)
                                                || (late.size() < LATE && late.add(coupon))));
        late.forEach(this::recordLast);
        recordDeadLetters(campaign);
    }

    /** Those that nobody has decided on and that fit now. */
    private void recordDeadLetters(CampaignId campaign) {
        long after = 0;
        List<OpenLetter> page;
        do {
            page = letters.open(campaign, after, BATCH);
            List<Long> recorded =
                    page.stream()
                            .filter(letter -> recordLast(letter.coupon()))
                            .map(OpenLetter::id)
                            .toList();
            if (!recorded.isEmpty()) {
                letters.markReplayed(recorded);
            }
            after = page.isEmpty() ? after : page.getLast().id();
        } while (page.size() == BATCH);
    }

    /**
     * Records one that had to stand back, after all others: an undecided dead letter, or an event
     * of an epoch that is over.
     *
     * @return whether it is recorded now
     */
    boolean recordLast(IssuedCoupon coupon) {
        return recordAll(List.of(coupon), late -> keeping.revive(late, Vacancy.VOID_OR_FREE))
                .isEmpty();
    }

    /**
     * Halves what is refused until it is alone: it is rare, and the rest is recorded in batches.
     *
     * @param late what is done with one of an epoch that is over; whether that is seen to
     * @return those that are not seen to
     */
    private List<IssuedCoupon> recordAll(List<IssuedCoupon> coupons, Predicate<IssuedCoupon> late) {
        List<IssuedCoupon> conflicts;
        try {
            conflicts = keeping.record(coupons).conflicts();
        } catch (UnrecordableException e) {
            if (coupons.size() == 1) {
                return recordOne(coupons.getFirst(), e.reason(), late) ? List.of() : coupons;
            }
            int half = coupons.size() / 2;
            List<IssuedCoupon> left = new ArrayList<>();
            left.addAll(recordAll(coupons.subList(0, half), late));
            left.addAll(recordAll(coupons.subList(half, coupons.size()), late));
            return left;
        }
        conflicts.forEach(coupon -> leaveOut(coupon, Reason.CONFLICT));
        return conflicts;
    }

    private boolean recordOne(IssuedCoupon coupon, Reason refused, Predicate<IssuedCoupon> late) {
        if (refused == Reason.LATE && late.test(coupon)) {
            return true;
        }
        leaveOut(coupon, refused);
        return false;
    }

    private void leaveOut(IssuedCoupon coupon, Reason reason) {
        Counter counter = leftOut.get(reason);
        if (counter != null) {
            counter.increment();
        }
        log.error(
                "Serial {} of {}, epoch {}, is left out of the ledger by a rebuild: {}",
                coupon.serial(),
                coupon.campaign(),
                coupon.epoch(),
                reason);
    }

    @Override
    public long settle(CampaignId campaign, long fence) {
        return ledger.settle(campaign, fence);
    }

    @Override
    public List<RecordedCoupon> recorded(CampaignId campaign, long after, int limit) {
        List<Issuance> rows = ledger.page(campaign, IssuanceFilter.ALL, after, limit);
        if (rows.isEmpty()) {
            return List.of();
        }
        // A revocation is marked in Redis before it is marked in the ledger, and what is restored
        // between the two must not undo it. So what is noted counts, and is read after the rows.
        Set<Long> noted = revocations.noted(campaign, after, rows.getLast().coupon().serial());
        return rows.stream()
                .map(row ->
                        new RecordedCoupon(
                                row.coupon(),
                                row.status() == Issuance.Status.REVOKED
                                        || noted.contains(row.coupon().serial())))
                .toList();
    }
}
