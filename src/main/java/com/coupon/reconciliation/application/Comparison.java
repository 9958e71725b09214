package com.coupon.reconciliation.application;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.port.in.InspectCampaign;
import com.coupon.issuance.port.in.InspectCampaign.Entry;
import com.coupon.issuance.port.in.InspectCampaign.Holding;
import com.coupon.issuance.port.in.InspectCampaign.OutboxPage;
import com.coupon.issuance.port.in.InspectCampaign.Standing;
import com.coupon.issuance.port.in.InspectCampaign.WinnerPage;
import com.coupon.persistence.port.in.ReadLedger;
import com.coupon.persistence.port.in.ReadLedger.Row;
import com.coupon.reconciliation.domain.Copy;
import com.coupon.reconciliation.domain.Copy.Status;
import com.coupon.reconciliation.domain.Finding;
import com.coupon.reconciliation.domain.Finding.Difference;
import com.coupon.reconciliation.domain.Finding.Measure;
import com.coupon.reconciliation.domain.Run.Phase;
import com.coupon.reconciliation.domain.Screen;
import com.coupon.reconciliation.domain.Screen.Range;
import com.coupon.shared.CampaignId;
import com.coupon.shared.InvalidValueException;
import com.coupon.shared.MemberId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares the two sides of one campaign, while claims go on, in memory that does not grow with
 * what they have but by the bits of {@link Screen}.
 *
 * <p>Both sides are read once, the ledger first, to learn which ranges of serials may differ. Only
 * those are then looked at coupon by coupon, each side against the other: the winners first, which
 * tells the serials that more than one lays claim to, and then the rows. What differs is left alone
 * for the grace period and looked at again; a difference that has lasted and is not explained by
 * the outbox is a finding. So nothing that is on its way is one, whatever the clocks say. Used
 * once, by one thread.
 */
final class Comparison {

    private final CampaignId campaign;
    private final InspectCampaign redis;
    private final ReadLedger ledger;
    private final ReconciliationProperties properties;
    private final Course course;

    /** What differs, in the order in which it was seen. */
    private final Set<Finding> candidates = new LinkedHashSet<>();

    /** Serials within the stock that more than one lays claim to. */
    private final BitSet contested = new BitSet();

    private final Set<String> unreadable = new HashSet<>();
    private Standing standing;
    private long active;
    private boolean truncated;

    /**
     * @throws RuntimeException if Redis cannot be asked, or there is nothing to compare
     */
    Comparison(
            CampaignId campaign,
            InspectCampaign redis,
            ReadLedger ledger,
            ReconciliationProperties properties,
            Course course) {
        this.campaign = campaign;
        this.redis = redis;
        this.ledger = ledger;
        this.properties = properties;
        this.course = course;
        this.standing = standing();
    }

    /** Whether there is more than could be kept. */
    boolean isTruncated() {
        return truncated;
    }

    /**
     * Compares.
     *
     * @return what is found, once it has lasted
     * @throws RuntimeException if one of the sides cannot be asked
     * @throws RunEndedException if the run is to end
     */
    List<Finding> compare() {
        course.enter(Phase.SCREENING);
        Screen screen = screen();
        course.enter(Phase.EXAMINING);
        long epoch = standing.epoch();
        standing = standing();
        examineUnreadable();
        examineWinners(screen);
        examineRows(screen);
        examineOutbox().forEach(this::note);
        examineNumbers().forEach(this::note);
        if (standing().epoch() != epoch) {
            // on another server a scan has another order, so that it may have missed some
            throw new IllegalStateException("The campaign was rebuilt meanwhile.");
        }
        if (candidates.isEmpty()) {
            return List.of();
        }
        course.enter(Phase.SETTLING);
        course.pause(properties.gracePeriod());
        return lasting();
    }

    private Standing standing() {
        return redis.standing(campaign)
                .orElseThrow(() -> new IllegalStateException("There is no such campaign."));
    }

    /** The highest serial there can be, while the stock may be about to change. */
    private long stock() {
        return Math.max(
                standing.plannedQuantity() + standing.plannedReturned(),
                standing.quantity() + standing.returned());
    }

    private void note(Finding finding) {
        if (candidates.size() < properties.maxFindings()) {
            candidates.add(finding);
        } else {
            truncated = truncated || !candidates.contains(finding);
        }
    }

    private Screen screen() {
        var screen = new Screen(stock(), new SecureRandom().nextLong());
        ledger.stream(
                campaign,
                row -> {
                    Copy copy = copy(row);
                    active += copy.status() == Status.REVOKED ? 0 : 1;
                    screen.recorded(copy);
                    course.recorded();
                });
        scan(page -> {
            for (Holding holding : page.winners()) {
                screen.scanned(copy(holding));
                course.scanned();
            }
            if (unreadable.size() < properties.maxFindings()) {
                unreadable.addAll(page.unreadable());
            } else {
                truncated = truncated || !unreadable.containsAll(page.unreadable());
            }
        });
        return screen;
    }

    private interface PageReader {
        void read(WinnerPage page);
    }

    private void scan(PageReader reader) {
        String cursor = "";
        do {
            WinnerPage page = redis.winners(campaign, cursor, properties.page());
            reader.read(page);
            cursor = page.cursor();
        } while (!cursor.isEmpty());
    }

    private void examineUnreadable() {
        for (String name : unreadable) {
            note(new Finding.Conflict(Difference.UNREADABLE, null, rowOf(name)));
        }
    }

    private @Nullable Copy rowOf(String name) {
        try {
            List<Row> rows = ledger.rowsOf(campaign, List.of(), List.of(new MemberId(name)));
            return rows.isEmpty() ? null : copy(rows.getFirst());
        } catch (InvalidValueException e) {
            return null; // nobody can be called so
        }
    }

    private void examineWinners(Screen screen) {
        if (!screen.hasSuspects()) {
            return;
        }
        List<Copy> suspects = new ArrayList<>();
        scan(page -> {
            for (Holding holding : page.winners()) {
                if (screen.isSuspect(holding.coupon().serial())) {
                    suspects.add(copy(holding));
                }
                if (suspects.size() == properties.page()) {
                    examineWinners(suspects).forEach(this::note);
                    suspects.clear();
                }
            }
            course.reportWhenDue();
        });
        examineWinners(suspects).forEach(this::note);
    }

    /** What each of the winners differs in from the ledger. At most a page of them. */
    private List<Finding> examineWinners(Collection<Copy> winners) {
        if (winners.isEmpty()) {
            return List.of();
        }
        List<Long> serials = winners.stream().map(Copy::serial).toList();
        List<Copy> rows =
                ledger
                        .rowsOf(
                                campaign,
                                serials,
                                winners.stream().map(winner -> winner.coupon().member()).toList())
                        .stream()
                        .map(Comparison::copy)
                        .toList();
        Map<Long, Copy> bySerial =
                rows.stream().collect(Collectors.toMap(Copy::serial, Function.identity()));
        Map<MemberId, Copy> byMember =
                rows.stream().collect(Collectors.toMap(row -> row.coupon().member(), row -> row));
        Set<Long> voided =
                ledger.voided(
                        campaign,
                        serials.stream().filter(serial -> !bySerial.containsKey(serial)).toList());
        List<Finding> findings = new ArrayList<>();
        for (Copy winner : winners) {
            Copy sameSerial = bySerial.get(winner.serial());
            Copy sameMember = byMember.get(winner.coupon().member());
            if (winner.serial() > stock()) {
                findings.add(
                        new Finding.Oversold(
                                winner,
                                sameSerial != null && sameSerial.isSameCouponAs(winner)
                                        ? sameSerial
                                        : null,
                                stock(),
                                winner.serial()));
                continue;
            }
            int before = findings.size();
            add(findings, winner, sameSerial);
            if (!Objects.equals(sameMember, sameSerial)) {
                add(findings, winner, sameMember);
            }
            if (voided.contains(winner.serial())) {
                findings.add(new Finding.Conflict(Difference.VOID, winner, null));
            } else if (sameSerial == null && sameMember == null && !isOnItsWay(winner.coupon())) {
                findings.add(new Finding.MissingInLedger(winner));
                continue;
            }
            if (findings.size() > before) {
                contest(winner);
                contest(sameSerial);
                contest(sameMember);
            }
        }
        course.examined(winners.size());
        return findings;
    }

    private static void add(List<Finding> findings, Copy winner, @Nullable Copy row) {
        Finding finding = row == null ? null : Finding.between(winner, row);
        if (finding != null) {
            findings.add(finding);
        }
    }

    private void contest(@Nullable Copy copy) {
        if (copy != null && copy.serial() <= stock()) {
            contested.set(Math.toIntExact(copy.serial()));
        }
    }

    /** The ledger may take as long as the grace period to learn of it. */
    private boolean isOnItsWay(IssuedCoupon coupon) {
        Instant then = standing.readAt().minus(properties.gracePeriod());
        return coupon.issuedAt().isAfter(then);
    }

    private void examineRows(Screen screen) {
        for (Range range = screen.nextSuspect(0);
                !range.equals(Range.NONE);
                range = screen.nextSuspect(range.upTo())) {
            examineRows(range.after(), Math.min(range.upTo(), screen.stock()));
        }
        examineRows(screen.stock(), Long.MAX_VALUE);
    }

    private void examineRows(long after, long upTo) {
        long last = after;
        List<Row> rows;
        do {
            rows = ledger.rows(campaign, last, upTo, properties.page());
            examineRows(rows.stream().map(Comparison::copy).toList()).forEach(this::note);
            last = rows.isEmpty() ? last : rows.getLast().coupon().serial();
        } while (rows.size() == properties.page());
    }

    /** What each of the rows differs in from the winners. At most a page of them. */
    private List<Finding> examineRows(Collection<Copy> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        Map<MemberId, Holding> winners =
                redis.winners(campaign, rows.stream().map(row -> row.coupon().member()).toList());
        List<Finding> findings = new ArrayList<>();
        for (Copy row : rows) {
            Holding holding = winners.get(row.coupon().member());
            Copy winner = holding == null ? null : copy(holding);
            if (row.serial() > stock()) {
                findings.add(
                        new Finding.Oversold(
                                winner != null && winner.isSameCouponAs(row) ? winner : null,
                                row,
                                stock(),
                                row.serial()));
            } else if (winner != null) {
                add(findings, winner, row);
            } else if (!contested.get(Math.toIntExact(row.serial()))
                    && !unreadable.contains(row.coupon().member().value())) {
                findings.add(new Finding.MissingInRedis(row));
            }
        }
        course.examined(rows.size());
        return findings;
    }

    /** Entries without a winner. Those with one explain why a row is still to come. */
    private Set<Finding> examineOutbox() {
        Set<Finding> orphans = new LinkedHashSet<>();
        String last = "";
        while (orphans.size() <= properties.maxFindings()) {
            OutboxPage page = redis.waiting(campaign, last, properties.page());
            if (page.entries().isEmpty()) {
                break;
            }
            Map<MemberId, Holding> winners =
                    redis.winners(
                            campaign,
                            page.entries().stream()
                                    .map(Entry::coupon)
                                    .filter(coupon -> coupon != null)
                                    .map(IssuedCoupon::member)
                                    .collect(Collectors.toSet()));
            for (Entry entry : page.entries()) {
                examine(entry, winners).ifPresent(orphans::add);
            }
            last = page.last();
            course.examined(page.entries().size());
        }
        return orphans;
    }

    private Optional<Finding> examine(Entry entry, Map<MemberId, Holding> winners) {
        IssuedCoupon coupon = entry.coupon();
        if (coupon == null) {
            return Optional.of(new Finding.OrphanOutbox(entry.id(), null, null));
        }
        Holding holding = winners.get(coupon.member());
        Copy winner = holding == null ? null : copy(holding);
        if (winner != null && winner.isSameCouponAs(new Copy(coupon, winner.status()))) {
            candidates.remove(new Finding.MissingInLedger(winner));
            return Optional.empty();
        }
        return Optional.of(new Finding.OrphanOutbox(entry.id(), coupon, winner));
    }

    private List<Finding> examineNumbers() {
        Standing now = standing();
        List<Finding> findings = new ArrayList<>();
        long stock = now.quantity() + now.returned();
        if (now.settled()) {
            drift(findings, Measure.QUANTITY, now.plannedQuantity(), now.quantity());
            drift(findings, Measure.RETURNED, now.plannedReturned(), now.returned());
        }
        drift(findings, Measure.REMAINING, stock - now.issued(), now.remaining());
        if (now.issued() > stock) {
            findings.add(new Finding.Oversold(null, null, stock, now.issued()));
        }
        long quantity = Math.max(now.plannedQuantity(), standing.plannedQuantity());
        if (active > quantity) {
            findings.add(new Finding.Oversold(null, null, quantity, active));
        }
        boolean allHold =
                candidates.stream()
                        .allMatch(one ->
                                one instanceof Finding.MissingInLedger
                                        || one instanceof Finding.StockDrift);
        if (allHold && !truncated) {
            long voided = ledger.countVoided(campaign);
            if (standing().epoch() == now.epoch()) {
                drift(findings, Measure.ISSUED, now.winners() + voided, now.issued());
            }
        }
        return findings;
    }

    private static void drift(List<Finding> findings, Measure measure, long expected, long found) {
        if (expected != found) {
            findings.add(new Finding.StockDrift(measure, expected, found));
        }
    }

    /** Those of the candidates that are still there. */
    private List<Finding> lasting() {
        standing = standing();
        List<Finding> seen = List.copyOf(candidates);
        Set<Finding> again = new HashSet<>();
        for (int from = 0; from < seen.size(); from += properties.page()) {
            lookAgain(seen.subList(from, Math.min(from + properties.page(), seen.size())), again);
        }
        Set<Finding> orphans = examineOutbox(); // also takes out those that wait in the outbox
        Map<Measure, Finding> drifts = new HashMap<>();
        for (Finding finding : examineNumbers()) {
            if (finding instanceof Finding.StockDrift(Measure measure, long _, long _)) {
                drifts.put(measure, finding);
            } else {
                again.add(finding);
            }
        }
        List<Finding> lasting = new ArrayList<>();
        for (Finding finding : seen) {
            Finding still =
                    switch (finding) {
                        // a script writes records whole, so one that cannot be read never will be
                        case Finding.Conflict(Difference difference, Copy _, Copy _)
                                when difference == Difference.UNREADABLE ->
                                finding;
                        case Finding.StockDrift(Measure measure, long _, long _) ->
                                drifts.get(measure);
                        case Finding.OrphanOutbox _ -> orphans.contains(finding) ? finding : null;
                        case Finding.MissingInLedger _ ->
                                again.contains(finding) && candidates.contains(finding)
                                        ? finding
                                        : null;
                        default -> again.contains(finding) ? finding : null;
                    };
            if (still != null) {
                lasting.add(still);
            }
        }
        return lasting;
    }

    private void lookAgain(List<Finding> page, Set<Finding> again) {
        Set<Copy> winners = new LinkedHashSet<>();
        Set<Copy> rows = new LinkedHashSet<>();
        for (Finding finding : page) {
            switch (finding) {
                case Finding.MissingInLedger(Copy winner) -> winners.add(winner);
                case Finding.MissingInRedis(Copy row) -> rows.add(row);
                case Finding.Conflict(Difference _, Copy winner, Copy _) -> {
                    if (winner != null) {
                        winners.add(winner);
                    }
                }
                case Finding.Oversold(Copy winner, Copy row, long _, long _) -> {
                    if (winner != null) {
                        winners.add(winner);
                    } else if (row != null) {
                        rows.add(row);
                    }
                }
                case Finding.StockDrift _, Finding.OrphanOutbox _ -> {}
            }
        }
        again.addAll(examineWinners(present(winners)));
        again.addAll(examineRows(recorded(rows)));
    }

    private List<Copy> present(Collection<Copy> winners) {
        return redis
                .winners(campaign, winners.stream().map(one -> one.coupon().member()).toList())
                .values()
                .stream()
                .map(Comparison::copy)
                .toList();
    }

    private List<Copy> recorded(Collection<Copy> rows) {
        return ledger.rowsOf(campaign, rows.stream().map(Copy::serial).toList(), List.of()).stream()
                .map(Comparison::copy)
                .toList();
    }

    static Copy copy(Holding holding) {
        return new Copy(holding.coupon(), holding.revoked() ? Status.REVOKED : Status.ISSUED);
    }

    static Copy copy(Row row) {
        return new Copy(
                row.coupon(),
                row.revoking() ? Status.REVOKING : row.revoked() ? Status.REVOKED : Status.ISSUED);
    }
}
