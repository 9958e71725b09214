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
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
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
    public List<IssuedCoupon> record(CampaignId campaign, List<IssuedCoupon> coupons) {
        // Mostly all of them are there, and a campaign stands still meanwhile.
        List<IssuedCoupon> missing = ledger.missing(campaign, coupons);
        return recordInBatches(missing, late -> keeping.revive(late, Vacancy.VOID)).stream()
                .map(Left::coupon)
                .toList();
    }

    @Override
    public List<IssuedCoupon> recordLast(List<IssuedCoupon> coupons) {
        List<Left> left =
                recordInBatches(coupons, late -> keeping.revive(late, Vacancy.VOID_OR_FREE));
        left.forEach(this::report);
        return left.stream().map(Left::coupon).toList();
    }

    private List<Left> recordInBatches(List<IssuedCoupon> coupons, Predicate<IssuedCoupon> late) {
        List<Left> left = new ArrayList<>();
        for (int from = 0; from < coupons.size(); from += BATCH) {
            left.addAll(
                    recordAll(coupons.subList(from, Math.min(from + BATCH, coupons.size())), late));
        }
        return left;
    }

    @Override
    public void catchUp(CampaignId campaign, long fence) {
        List<IssuedCoupon> late = new ArrayList<>();
        published.unconfirmed(
                campaign,
                coupons ->
                        recordAll(
                                        coupons,
                                        coupon ->
                                                keeping.revive(coupon, Vacancy.VOID)
                                                        || (late.size() < LATE && late.add(coupon)))
                                .forEach(this::report));
        recordLast(withinReach(campaign, fence, late, coupon -> coupon));
        recordDeadLetters(campaign, fence);
    }

    /**
     * Those whose serials lie within what is accounted for, and of those beyond the ones up to
     * which they are not fewer than the serials between that become void: a single one that is far
     * off must not cost a campaign its stock.
     */
    private <T> List<T> withinReach(
            CampaignId campaign, long fence, List<T> late, Function<T, IssuedCoupon> coupon) {
        ToLongFunction<T> serial = one -> coupon.apply(one).serial();
        long accounted = Math.max(fence, ledger.highest(campaign));
        List<T> within =
                new ArrayList<>(
                        late.stream().filter(one -> serial.applyAsLong(one) <= accounted).toList());
        List<T> beyond =
                late.stream()
                        .filter(one -> serial.applyAsLong(one) > accounted)
                        .sorted(Comparator.comparingLong(serial))
                        .toList();
        int taken = 0;
        for (int count = 1; count <= beyond.size(); count++) {
            long between = serial.applyAsLong(beyond.get(count - 1)) - accounted - count;
            taken = between <= count ? count : taken;
        }
        within.addAll(beyond.subList(0, taken));
        return within;
    }

    /** Those that nobody has decided on and that fit now. */
    private void recordDeadLetters(CampaignId campaign, long fence) {
        long after = 0;
        List<OpenLetter> page;
        do {
            page = letters.open(campaign, after, BATCH);
            List<Long> recorded =
                    withinReach(campaign, fence, page, OpenLetter::coupon).stream()
                            .filter(this::isRecordedNow)
                            .map(OpenLetter::id)
                            .toList();
            if (!recorded.isEmpty()) {
                letters.markReplayed(recorded);
            }
            after = page.isEmpty() ? after : page.getLast().id();
        } while (page.size() == BATCH);
    }

    private boolean isRecordedNow(OpenLetter letter) {
        return recordAll(
                        List.of(letter.coupon()),
                        late -> keeping.revive(late, Vacancy.VOID_OR_FREE))
                .isEmpty();
    }

    /** A coupon that is not recorded. */
    private record Left(IssuedCoupon coupon, Reason reason) {}

    /**
     * Halves what is refused until it is alone: it is rare, and the rest is recorded in batches.
     *
     * @param late what is done with one of an epoch that is over; whether that is seen to
     * @return those that are not seen to
     */
    private List<Left> recordAll(List<IssuedCoupon> coupons, Predicate<IssuedCoupon> late) {
        try {
            return keeping.record(coupons).conflicts().stream()
                    .map(coupon -> new Left(coupon, Reason.CONFLICT))
                    .toList();
        } catch (UnrecordableException e) {
            if (coupons.size() == 1) {
                IssuedCoupon refused = coupons.getFirst();
                return e.reason() == Reason.LATE && late.test(refused)
                        ? List.of()
                        : List.of(new Left(refused, e.reason()));
            }
            int half = coupons.size() / 2;
            List<Left> left = new ArrayList<>();
            left.addAll(recordAll(coupons.subList(0, half), late));
            left.addAll(recordAll(coupons.subList(half, coupons.size()), late));
            return left;
        }
    }

    private void report(Left left) {
        Counter counter = leftOut.get(left.reason());
        if (counter != null) {
            counter.increment();
        }
        log.error(
                "Serial {} of {}, epoch {}, is left out of the ledger by a rebuild: {}",
                left.coupon().serial(),
                left.coupon().campaign(),
                left.coupon().epoch(),
                left.reason());
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
