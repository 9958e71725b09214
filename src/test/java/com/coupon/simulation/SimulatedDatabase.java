package com.coupon.simulation;

import com.coupon.history.Rule;
import com.coupon.history.Violation;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.StockAdjustment;
import com.coupon.issuance.domain.StockAdjustmentResult;
import com.coupon.issuance.memory.Protection;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.domain.IssuanceFilter;
import com.coupon.persistence.domain.Recorded;
import com.coupon.persistence.domain.Revocation;
import com.coupon.persistence.domain.UnrecordableException;
import com.coupon.persistence.domain.UnrecordableException.Reason;
import com.coupon.persistence.port.in.CountIssuances.IssuanceCount;
import com.coupon.persistence.port.out.Ledger;
import com.coupon.persistence.port.out.Revocations;
import com.coupon.shared.CampaignId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The database with what it refuses by itself, for one campaign. A transaction happens all at once
 * or not at all; whoever began it may not hear which.
 */
final class SimulatedDatabase {

    /** The database cannot be asked, or did not say what became of the transaction. */
    static final class Away extends RuntimeException {

        Away(String why) {
            super(why, null, false, false);
        }
    }

    private record Noted(Revocation revocation, boolean completed) {}

    /** All that is stored. */
    private static final class Stored {
        private @Nullable Campaign campaign;
        private final List<Issuance> rows = new ArrayList<>();
        private final Set<Long> voids = new TreeSet<>();
        private final TreeMap<Long, Noted> revocations = new TreeMap<>();
        private final Map<String, StockAdjustmentResult.Adjusted> adjustments = new HashMap<>();

        Stored copy() {
            Stored copy = new Stored();
            copy.campaign = campaign;
            copy.rows.addAll(rows);
            copy.voids.addAll(voids);
            copy.revocations.putAll(revocations);
            copy.adjustments.putAll(adjustments);
            return copy;
        }
    }

    private final World world;
    private final Scenario scenario;
    private final Set<IssuedCoupon> revived = new HashSet<>();
    private Stored stored = new Stored();
    private boolean away;
    private long version;

    SimulatedDatabase(World world, Scenario scenario) {
        this.world = world;
        this.scenario = scenario;
    }

    void away(boolean isAway) {
        if (isAway) {
            world.note(Happening.DATABASE_AWAY);
        }
        away = isAway;
    }

    boolean isAway() {
        return away;
    }

    /** Rises with every transaction. */
    long version() {
        return version;
    }

    Campaign campaign() {
        Campaign campaign = stored.campaign;
        if (campaign == null) {
            throw new IllegalStateException("There is no campaign yet.");
        }
        return campaign;
    }

    List<Issuance> rows() {
        return List.copyOf(stored.rows);
    }

    Set<Long> voids() {
        return Set.copyOf(stored.voids);
    }

    /**
     * Whether somebody heard SOLD_OUT because a serial was void, and later got it nevertheless. It
     * takes a PENDING, the loss of all that Redis had, and then a publication that comes late: the
     * ledger takes a coupon that is told rather than a void.
     */
    boolean isExplainedByRevival(Violation violation) {
        return violation.rule() == Rule.NO_FALSE_NO
                && revived.stream()
                        .anyMatch(coupon ->
                                violation.sentence().startsWith(coupon.member().value() + " ")
                                        || violation
                                                .sentence()
                                                .contains("serial " + coupon.serial() + " "));
    }

    boolean isBeingRevoked(long serial) {
        return stored.revocations.containsKey(serial);
    }

    boolean hasIncompleteRevocations() {
        return stored.revocations.values().stream().anyMatch(noted -> !noted.completed());
    }

    boolean has(IssuedCoupon coupon) {
        return stored.rows.stream().anyMatch(row -> isSame(row.coupon(), coupon));
    }

    static boolean isSame(IssuedCoupon one, IssuedCoupon other) {
        return one.serial() == other.serial()
                && one.member().equals(other.member())
                && one.code().equals(other.code());
    }

    /** What holds at every moment. */
    void check() {
        Set<Object> taken = new HashSet<>(stored.voids);
        long most = stock();
        for (Issuance row : stored.rows) {
            IssuedCoupon coupon = row.coupon();
            int before = taken.size();
            taken.addAll(List.of(coupon.serial(), coupon.member(), coupon.code()));
            boolean free = taken.size() == before + 3;
            if (!free || coupon.serial() > most) {
                world.violated("The ledger of %d has %s.".formatted(most, coupon));
            }
        }
        if (stored.voids.stream().anyMatch(serial -> serial > most)) {
            world.violated("Of %d serials there are void ones: %s".formatted(most, stored.voids));
        }
    }

    private long stock() {
        return campaign().plan().quantity() + campaign().returned();
    }

    /** As one process sees it. */
    final class Link implements CampaignCatalog, Ledger, Revocations {

        private final World.Peer process;

        Link(World.Peer process) {
            this.process = process;
        }

        private <T> T transaction(String what, Supplier<T> work) {
            if (world.isInTransaction()) {
                return work.get();
            }
            world.at(process);
            if (away) {
                throw new Away("The database is away.");
            }
            if (world.fails(scenario.databaseFaults())) {
                world.note(Happening.FAILED_BEFORE_COMMIT);
                throw new Away("The transaction was rolled back.");
            }
            Stored before = stored;
            stored = before.copy();
            T result;
            boolean committed = false;
            try {
                result = world.inTransaction(work);
                committed = true;
            } finally {
                if (!committed) {
                    stored = before;
                }
                version++;
            }
            world.say(() -> process.name + " in the database: " + what + " -> " + result);
            if (world.fails(scenario.databaseFaults())) {
                world.note(Happening.FAILED_AFTER_COMMIT);
                throw new Away("It is not known whether the transaction was committed.");
            }
            world.at(process);
            return result;
        }

        @Override
        public boolean add(Campaign campaign) {
            stored.campaign = campaign;
            return true;
        }

        @Override
        public Optional<Campaign> find(CampaignId campaign) {
            return transaction("find", () -> Optional.of(campaign()));
        }

        @Override
        public Optional<Campaign> update(
                CampaignId campaign, String action, UnaryOperator<Campaign> change) {
            return transaction(
                    action,
                    () -> {
                        store(change.apply(campaign()));
                        return Optional.of(campaign());
                    });
        }

        private void store(Campaign changed) {
            if (changed.epoch() < campaign().epoch()) {
                throw new IllegalStateException("epoch_not_sinking");
            }
            stored.campaign = changed;
            long most = stock();
            if (stored.rows.stream().anyMatch(row -> row.coupon().serial() > most)
                    || stored.voids.stream().anyMatch(serial -> serial > most)) {
                throw new IllegalStateException("The campaign has issued more than " + most);
            }
        }

        @Override
        public StockAdjustmentResult adjust(
                StockAdjustment adjustment, Predicate<Campaign> lowered) {
            try {
                return transaction("adjust " + adjustment, () -> adjusted(adjustment, lowered));
            } catch (IllegalStateException e) {
                return new StockAdjustmentResult.BelowIssued();
            }
        }

        private StockAdjustmentResult adjusted(
                StockAdjustment adjustment, Predicate<Campaign> lowered) {
            StockAdjustmentResult.Adjusted earlier = stored.adjustments.get(adjustment.key());
            if (earlier != null) {
                return earlier;
            }
            Campaign changed = campaign().adjusted(adjustment.delta());
            if (adjustment.delta() < 0 && campaign().armed() && !lowered.test(changed)) {
                return new StockAdjustmentResult.BelowIssued();
            }
            store(changed);
            var result =
                    new StockAdjustmentResult.Adjusted(
                            adjustment, changed.plan().quantity(), changed.version());
            stored.adjustments.put(adjustment.key(), result);
            return result;
        }

        @Override
        public Optional<Campaign> outrun(Campaign seen, long other) {
            return update(
                    seen.id(),
                    "outrun",
                    campaign ->
                            campaign.version() == seen.version()
                                    ? campaign.withVersionAbove(other)
                                    : campaign);
        }

        @Override
        public List<Campaign> list(String after, @Nullable CampaignState state, int limit) {
            throw new UnsupportedOperationException("Nobody lists campaigns here.");
        }

        @Override
        public List<Campaign> armed(String after, int limit) {
            return transaction("armed", () -> after.isEmpty() ? List.of(campaign()) : List.of());
        }

        @Override
        public Recorded add(List<IssuedCoupon> coupons) {
            return transaction("record", () -> insert(coupons));
        }

        private Recorded insert(List<IssuedCoupon> coupons) {
            List<IssuedCoupon> inserted = new ArrayList<>();
            List<IssuedCoupon> inTheWay = new ArrayList<>();
            coupons.stream()
                    .sorted(Comparator.comparingLong(IssuedCoupon::serial))
                    .forEach(coupon -> (isFree(coupon) ? inserted : inTheWay).add(added(coupon)));
            inserted.forEach(this::refuse);
            List<IssuedCoupon> conflicts =
                    inTheWay.stream().filter(coupon -> !has(coupon)).toList();
            int duplicates = coupons.size() - inserted.size() - conflicts.size();
            for (int i = 0; i < duplicates; i++) {
                world.note(Happening.REDELIVERED);
            }
            return new Recorded(inserted, duplicates, conflicts);
        }

        private IssuedCoupon added(IssuedCoupon coupon) {
            if (isFree(coupon)) {
                stored.rows.add(new Issuance(coupon, Issuance.Status.ISSUED, world.instant()));
            }
            return coupon;
        }

        private boolean isFree(IssuedCoupon coupon) {
            return scenario.without().contains(Protection.UNIQUE)
                    || stored.rows.stream()
                            .map(Issuance::coupon)
                            .noneMatch(row ->
                                    row.serial() == coupon.serial()
                                            || row.member().equals(coupon.member())
                                            || row.code().equals(coupon.code()));
        }

        private void refuse(IssuedCoupon coupon) {
            if (coupon.serial() > stock()) {
                throw new UnrecordableException(Reason.REFUSED, "serial_within_stock: " + coupon);
            }
            if (coupon.epoch() < campaign().epoch()
                    && !scenario.without().contains(Protection.EPOCH)) {
                throw new UnrecordableException(Reason.LATE, "epoch_not_over: " + coupon);
            }
            if (stored.voids.contains(coupon.serial())) {
                throw new UnrecordableException(Reason.REFUSED, "serial_not_voided: " + coupon);
            }
        }

        @Override
        public List<IssuedCoupon> missing(CampaignId campaign, List<IssuedCoupon> coupons) {
            return transaction(
                    "missing",
                    () ->
                            coupons.stream()
                                    .filter(coupon ->
                                            stored.rows.stream()
                                                    .noneMatch(row -> isSame(row.coupon(), coupon)))
                                    .toList());
        }

        @Override
        public long highest(CampaignId campaign) {
            return transaction(
                    "highest",
                    () ->
                            Stream.concat(
                                            stored.rows.stream().map(row -> row.coupon().serial()),
                                            stored.voids.stream())
                                    .mapToLong(Long::longValue)
                                    .max()
                                    .orElse(0));
        }

        @Override
        public long settle(CampaignId campaign, long fence) {
            if (!world.isInTransaction()) {
                throw new IllegalStateException("There is no transaction.");
            }
            long highest = fence;
            for (Issuance row : stored.rows) {
                highest = Math.max(highest, row.coupon().serial());
            }
            for (long serial : stored.voids) {
                highest = Math.max(highest, serial);
            }
            highest = Math.min(highest, stock());
            for (long serial = 1; serial <= highest; serial++) {
                long candidate = serial;
                if (stored.rows.stream().noneMatch(row -> row.coupon().serial() == candidate)
                        && stored.voids.add(serial)) {
                    world.note(Happening.VOIDED);
                }
            }
            return highest;
        }

        @Override
        public boolean revive(IssuedCoupon coupon, Vacancy vacancy) {
            return transaction(
                    "revive " + coupon,
                    () -> {
                        boolean vacant =
                                stored.voids.contains(coupon.serial())
                                        || vacancy == Vacancy.VOID_OR_FREE;
                        if (vacant
                                && coupon.serial() <= stock()
                                && coupon.epoch() <= campaign().epoch()
                                && isFree(coupon)) {
                            world.note(Happening.REVIVED);
                            revived.add(coupon);
                            stored.voids.remove(coupon.serial());
                            added(coupon.withEpoch(campaign().epoch()));
                            return true;
                        }
                        return has(coupon);
                    });
        }

        @Override
        public List<Issuance> page(
                CampaignId campaign, IssuanceFilter filter, long after, int limit) {
            return transaction(
                    "page",
                    () ->
                            stored.rows.stream()
                                    .filter(row -> row.coupon().serial() > after)
                                    .sorted(Comparator.comparingLong(row -> row.coupon().serial()))
                                    .limit(limit)
                                    .toList());
        }

        @Override
        public IssuanceCount count(CampaignId campaign) {
            throw new UnsupportedOperationException("Nobody counts rows here.");
        }

        @Override
        public Optional<Issuance> issuance(CampaignId campaign, long serial) {
            return transaction("issuance " + serial, () -> row(serial));
        }

        private Optional<Issuance> row(long serial) {
            return stored.rows.stream().filter(row -> row.coupon().serial() == serial).findFirst();
        }

        @Override
        public Revocation request(Revocation revocation) {
            return transaction(
                    "note " + revocation,
                    () -> {
                        stored.revocations.putIfAbsent(
                                revocation.serial(), new Noted(revocation, false));
                        return noted(revocation).revocation();
                    });
        }

        private Noted noted(Revocation revocation) {
            Noted noted = stored.revocations.get(revocation.serial());
            return noted == null ? new Noted(revocation, false) : noted;
        }

        @Override
        public List<Revocation> incomplete(@Nullable Revocation after, int limit) {
            return transaction(
                    "incomplete",
                    () ->
                            stored.revocations.values().stream()
                                    .filter(noted -> !noted.completed())
                                    .map(Noted::revocation)
                                    .filter(noted ->
                                            after == null || noted.serial() > after.serial())
                                    .limit(limit)
                                    .toList());
        }

        @Override
        public Set<Long> noted(CampaignId campaign, long after, long upTo) {
            return transaction(
                    "noted",
                    () -> Set.copyOf(stored.revocations.subMap(after, false, upTo, true).keySet()));
        }

        @Override
        public void complete(Revocation revocation, Runnable first) {
            boolean _ =
                    transaction(
                            "complete " + revocation,
                            () -> {
                                if (noted(revocation).completed()) {
                                    return false;
                                }
                                first.run();
                                world.note(Happening.REVOKED);
                                if (revocation.returnToStock()) {
                                    world.note(Happening.RETURNED);
                                }
                                stored.revocations.put(
                                        revocation.serial(), new Noted(revocation, true));
                                stored.rows.replaceAll(row ->
                                        row.coupon().serial() == revocation.serial()
                                                ? new Issuance(
                                                        row.coupon(),
                                                        Issuance.Status.REVOKED,
                                                        row.recordedAt())
                                                : row);
                                return true;
                            });
        }
    }
}
