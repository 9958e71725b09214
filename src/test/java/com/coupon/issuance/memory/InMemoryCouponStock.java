package com.coupon.issuance.memory;

import com.coupon.Campaigns;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.AllowList;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.ClaimWindow;
import com.coupon.issuance.domain.Eligibility;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.domain.SoldOut;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.domain.Winner;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignRecovery;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.EligibleMembers;
import com.coupon.issuance.port.out.IssuanceOutbox;
import com.coupon.issuance.port.out.Participants;
import com.coupon.issuance.port.out.WinnerReading;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stock as a plain Java model of what the scripts do, on one server that can be swapped for
 * another one. Thread-safe.
 */
public final class InMemoryCouponStock
        implements CouponStock,
                CampaignArming,
                EligibleMembers,
                Participants,
                CampaignRecovery,
                WinnerReading,
                IssuanceOutbox {

    /** How long nodes may answer from memory, and some time for clocks that run unevenly. */
    private static final Duration MEMORY = Duration.ofMillis(250);

    /** How long a change that was announced is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** What the server holds of one campaign. */
    private static final class Armed {
        private Campaign campaign;
        private String home;
        private long issued;
        private long generation;
        private Instant announcedAt = Instant.EPOCH;
        private long cut;
        private long allowList;
        private boolean suspended;
        private long fence;
        private @Nullable Object rebuilder;
        private String rebuiltOn = "";
        private Instant rebuilderUntil = Instant.MIN;
        private Instant sweptUntil = Instant.MIN;
        private Set<MemberId> eligible = Set.of();
        private long lastEntryTime;
        private int lastEntryNumber;

        /** In the order of the members, so that a run can be repeated. */
        private final Map<MemberId, IssuedCoupon> participants = new TreeMap<>(BY_VALUE);

        private final Set<MemberId> revoked = new HashSet<>();

        /** By ids that are of one length, so that their order is that of their writing. */
        private final TreeMap<String, OutboxEntry> outbox = new TreeMap<>();

        Armed(Campaign campaign, String home) {
            this.campaign = campaign;
            this.home = home;
        }

        Armed copy() {
            Armed copy = new Armed(campaign, home);
            copy.issued = issued;
            copy.generation = generation;
            copy.announcedAt = announcedAt;
            copy.cut = cut;
            copy.allowList = allowList;
            copy.suspended = suspended;
            copy.fence = fence;
            copy.rebuilder = rebuilder;
            copy.rebuiltOn = rebuiltOn;
            copy.rebuilderUntil = rebuilderUntil;
            copy.sweptUntil = sweptUntil;
            copy.eligible = eligible;
            copy.lastEntryTime = lastEntryTime;
            copy.lastEntryNumber = lastEntryNumber;
            copy.participants.putAll(participants);
            copy.revoked.addAll(revoked);
            copy.outbox.putAll(outbox);
            return copy;
        }

        boolean isEmpty() {
            return issued == campaign.plan().quantity() + campaign.returned();
        }

        void changed() {
            generation++;
            announcedAt = Instant.EPOCH;
        }

        Watermark watermark() {
            return new Watermark(campaign.epoch(), issued);
        }

        /** An id as a stream gives it: the time, and a number where the time stands still. */
        String nextEntryId(long time) {
            lastEntryNumber = time > lastEntryTime ? 0 : lastEntryNumber + 1;
            lastEntryTime = Math.max(time, lastEntryTime);
            return digits(lastEntryTime, 15) + "-" + digits(lastEntryNumber, 6);
        }
    }

    private static String digits(long number, int length) {
        String digits = Long.toString(number);
        return "0".repeat(length - digits.length()) + digits;
    }

    private static final Comparator<MemberId> BY_VALUE = Comparator.comparing(MemberId::value);

    /** All that a server holds, as a replica has it. */
    public static final class Snapshot {
        private final Map<CampaignId, Armed> campaigns = new HashMap<>();
        private final Set<CampaignId> register = new HashSet<>();
        private final boolean registerIsWhole;

        /** Whether the member has exactly this coupon in it. */
        public boolean has(IssuedCoupon coupon) {
            Armed armed = campaigns.get(coupon.campaign());
            return armed != null && coupon.equals(armed.participants.get(coupon.member()));
        }

        private Snapshot(
                Map<CampaignId, Armed> campaigns,
                Set<CampaignId> register,
                boolean registerIsWhole) {
            campaigns.forEach((id, armed) -> this.campaigns.put(id, armed.copy()));
            this.register.addAll(register);
            this.registerIsWhole = registerIsWhole;
        }
    }

    /** What anybody can see of a campaign who looks into the server. */
    public record Sight(
            Campaign campaign,
            boolean intact,
            Watermark watermark,
            List<IssuedCoupon> participants,
            Set<MemberId> revoked,
            List<OutboxEntry> outbox) {}

    private final InstantSource clock;
    private final Random random;
    private final Set<Protection> without;
    private final long entryMillis;
    private final Map<CampaignId, Armed> campaigns = new HashMap<>();
    private final Set<CampaignId> register = new HashSet<>();
    private boolean registerIsWhole = true;
    private long writes;
    private Function<Duration, Boolean> replication = budget -> true;
    private boolean replicated;
    private String home = "first";

    public InMemoryCouponStock(InstantSource clock) {
        this(clock, new Random(7), Set.of(), 1);
    }

    /**
     * @param random what the codes are made of
     * @param without the protections that are taken away
     * @param entryMillis how long the time in the ids of the outbox stands still, in ms; the
     *     longer, the sooner two servers give the same id to different entries
     */
    public InMemoryCouponStock(
            InstantSource clock, Random random, Set<Protection> without, long entryMillis) {
        this.clock = clock;
        this.random = random;
        this.without = Set.copyOf(without);
        this.entryMillis = entryMillis;
    }

    private boolean has(Protection protection) {
        return !without.contains(protection);
    }

    /** Has decisions wait for replication, whose outcome the function tells from the budget. */
    public void replicateBy(Function<Duration, Boolean> outcome) {
        replicated = true;
        replication = outcome;
    }

    /** What a replica has that has followed to this moment. */
    public synchronized Snapshot snapshot() {
        return new Snapshot(campaigns, register, registerIsWhole);
    }

    /** How often anything was written, which is what replicas have to follow. */
    public synchronized long writes() {
        return writes;
    }

    /** From now on another server answers, which has followed the last one as far as that. */
    public synchronized void moveTo(String otherHome, Snapshot snapshot) {
        home = otherHome;
        campaigns.clear();
        snapshot.campaigns.forEach((id, armed) -> campaigns.put(id, armed.copy()));
        register.clear();
        register.addAll(snapshot.register);
        registerIsWhole = snapshot.registerIsWhole;
        writes++;
    }

    /** From now on another server answers, which lacks nothing. */
    public synchronized void moveTo(String otherHome) {
        moveTo(otherHome, snapshot());
    }

    /** Loses all of a campaign. */
    public synchronized void lose(CampaignId campaign) {
        campaigns.remove(campaign);
        writes++;
    }

    /** From now on another server answers, which has nothing at all. */
    public synchronized void moveToEmpty(String otherHome) {
        moveTo(otherHome, new Snapshot(Map.of(), Set.of(), false));
    }

    /** Whether the member has exactly this coupon. */
    public synchronized boolean has(IssuedCoupon coupon) {
        Armed armed = campaigns.get(coupon.campaign());
        return armed != null && coupon.equals(armed.participants.get(coupon.member()));
    }

    /** The epoch of a campaign on this server, 0 where there is none. */
    public synchronized long epoch(CampaignId campaign) {
        Armed armed = campaigns.get(campaign);
        return armed == null ? 0 : armed.campaign.epoch();
    }

    /** Whether the campaign waits for its rebuild. */
    public synchronized boolean isSuspended(CampaignId campaign) {
        Armed armed = campaigns.get(campaign);
        return armed != null && armed.suspended;
    }

    /** A rebuild that was begun on another server, as one that writes here. */
    public Rebuild here(Rebuild begunElsewhere) {
        var rebuilding = (Rebuilding) begunElsewhere;
        return new Rebuilding(
                rebuilding.campaign, rebuilding.token, rebuilding.lease, rebuilding.fence);
    }

    /** What the server holds of a campaign; empty where it holds nothing. */
    public synchronized Optional<Sight> see(CampaignId campaign) {
        Armed armed = campaigns.get(campaign);
        return armed == null
                ? Optional.empty()
                : Optional.of(
                        new Sight(
                                armed.campaign,
                                !armed.suspended && armed.home.equals(home),
                                armed.watermark(),
                                List.copyOf(armed.participants.values()),
                                Set.copyOf(armed.revoked),
                                List.copyOf(armed.outbox.values())));
    }

    /** The outbox of a campaign, by the ids of its entries. */
    public synchronized List<OutboxEntry> outbox(CampaignId campaign) {
        Armed armed = campaigns.get(campaign);
        return armed == null ? List.of() : List.copyOf(armed.outbox.values());
    }

    /** The same as {@link #remove}. */
    public void removePublished(CampaignId campaign, Collection<OutboxEntry> published) {
        remove(campaign, published);
    }

    @Override
    public synchronized Set<CampaignId> campaigns() {
        Set<CampaignId> known = new TreeSet<>(Comparator.comparing(CampaignId::value));
        known.addAll(register);
        return known;
    }

    @Override
    public synchronized boolean lease(CampaignId campaign, Duration duration) {
        Armed armed = campaigns.get(campaign);
        Instant now = clock.instant();
        if (armed == null || now.isBefore(armed.sweptUntil)) {
            return false;
        }
        armed.sweptUntil = now.plus(duration);
        writes++;
        return true;
    }

    @Override
    public synchronized List<OutboxEntry> waiting(
            CampaignId campaign, String after, Duration minAge, int limit) {
        Armed armed = campaigns.get(campaign);
        if (armed == null) {
            return List.of();
        }
        Instant youngest = clock.instant().minus(minAge);
        return armed.outbox.tailMap(after, false).values().stream()
                .filter(entry -> !entry.coupon().issuedAt().isAfter(youngest))
                .limit(limit)
                .map(entry -> new OutboxEntry(homeOf(armed), entry.id(), entry.coupon()))
                .toList();
    }

    @Override
    public synchronized void remove(CampaignId campaign, Collection<OutboxEntry> entries) {
        Armed armed = campaigns.get(campaign);
        if (armed == null) {
            return;
        }
        for (OutboxEntry entry : entries) {
            if (!has(Protection.REMOVAL_AT_HOME) || entry.home().equals(homeOf(armed))) {
                armed.outbox.remove(entry.id());
            }
        }
        writes++;
    }

    private String homeOf(Armed armed) {
        return home + "/" + armed.campaign.epoch();
    }

    /** Up to which serial everything that was issued has left the outbox, 0 where it is unknown. */
    private long published(CampaignId campaign, Watermark decided) {
        Armed armed = campaigns.get(campaign);
        if (armed == null
                || armed.suspended
                || armed.campaign.epoch() != decided.epoch()
                || armed.issued < decided.issued()) {
            return 0;
        }
        return armed.outbox.values().stream()
                .mapToLong(entry -> entry.coupon().serial() - 1)
                .findFirst()
                .orElse(decided.issued());
    }

    @Override
    public boolean isReplicated() {
        return replicated;
    }

    @Override
    public synchronized Set<CampaignId> unknown(Set<CampaignId> campaigns) {
        return registerIsWhole
                ? campaigns.stream()
                        .filter(campaign -> !register.contains(campaign))
                        .collect(Collectors.toSet())
                : Set.of();
    }

    @Override
    public synchronized Decision decide(ClaimBatch batch) {
        Armed armed = standing(batch.campaign(), batch.seen());
        if (armed == null || armed.suspended) {
            return new Decided(
                    batch.campaign(),
                    Collections.nCopies(batch.members().size(), new ClaimResult.Recovering()),
                    List.of(),
                    Watermark.NONE,
                    null,
                    Duration.ZERO,
                    0,
                    "");
        }
        List<ClaimResult> results = new ArrayList<>();
        List<OutboxEntry> outbox = new ArrayList<>();
        for (MemberId member : batch.members()) {
            ClaimResult result = decide(armed, member, batch.question());
            if (result instanceof ClaimResult.Issued(var coupon)) {
                outbox.add(
                        new OutboxEntry(
                                homeOf(armed),
                                armed.nextEntryId(clock.millis() / entryMillis),
                                coupon));
            }
            results.add(result);
        }
        if (has(Protection.OUTBOX_ENTRY)) {
            outbox.forEach(entry -> armed.outbox.put(entry.id(), entry));
        }
        if (!outbox.isEmpty() || restsOn(results, armed) > confirmed(batch, armed)) {
            writes++;
        }
        Duration soldOutFor = soldOutFor(armed);
        String decidedOn = homeOf(armed);
        return new Decided(
                batch.campaign(),
                results,
                outbox,
                armed.watermark(),
                soldOutFor.isPositive()
                        ? new SoldOut(decidedOn, armed.generation, armed.issued)
                        : null,
                soldOutFor,
                armed.cut,
                decidedOn);
    }

    private Duration soldOutFor(Armed armed) {
        Instant now = clock.instant();
        ClaimWindow window = armed.campaign.plan().window();
        if (armed.campaign.state() != CampaignState.PUBLISHED
                || !armed.isEmpty()
                || now.isBefore(armed.announcedAt.plus(PATIENCE))
                || (window.phaseAt(now) == ClaimWindow.Phase.SCHEDULED && armed.issued == 0)
                || window.phaseAt(now) == ClaimWindow.Phase.CLOSED) {
            return Duration.ZERO;
        }
        Instant end = now.plusSeconds(60);
        Instant closesAt = window.closesAt();
        return Duration.between(now, closesAt != null && closesAt.isBefore(end) ? closesAt : end);
    }

    @Override
    public synchronized WinnerReading.WinnerPage page(
            CampaignId campaign, String cursor, int limit) {
        Armed armed = armed(campaign);
        if (armed.suspended || !armed.home.equals(home)) {
            throw new IssuanceUnavailableException(Reason.RECOVERING);
        }
        List<Winner> page =
                armed.participants.values().stream()
                        .filter(coupon -> coupon.member().value().compareTo(cursor) > 0)
                        .limit(limit)
                        .map(coupon -> new Winner(coupon, armed.revoked.contains(coupon.member())))
                        .toList();
        return new WinnerReading.WinnerPage(
                homeOf(armed),
                armed.participants.size(),
                page,
                page.size() == limit ? page.getLast().coupon().member().value() : "");
    }

    /** The highest serial that an answer relies on. */
    private static long restsOn(List<ClaimResult> results, Armed armed) {
        long highest = 0;
        for (ClaimResult result : results) {
            if (result instanceof ClaimResult.AlreadyIssued(var coupon)) {
                highest = Math.max(highest, coupon.serial());
            } else if (result instanceof ClaimResult.SoldOut) {
                highest = Math.max(highest, armed.issued);
            }
        }
        return highest;
    }

    private long confirmed(ClaimBatch batch, Armed armed) {
        String known = batch.confirmed().home();
        boolean holds = known.equals("*") || known.equals(homeOf(armed));
        return Math.max(holds ? batch.confirmed().serial() : 0, armed.cut);
    }

    /** The campaign, suspended where it cannot be relied on; null where it was never seen. */
    private @Nullable Armed standing(CampaignId campaign, Watermark seen) {
        Armed armed = campaigns.get(campaign);
        if (armed == null && seen.epoch() > 0) {
            armed = ruin(campaign);
        }
        if (armed == null || (armed.campaign.state() == CampaignState.DRAFT && !armed.suspended)) {
            return armed;
        }
        boolean behind =
                has(Protection.WATERMARK) && !armed.watermark().or(seen).equals(armed.watermark());
        boolean away = has(Protection.HOME) && !armed.home.equals(home);
        if (armed.suspended || away || behind) {
            armed.suspended = true;
            boolean accountedFor = seen.epoch() < armed.campaign.epoch();
            armed.fence = Math.max(armed.fence, accountedFor ? 0 : seen.issued());
            writes++;
        }
        return armed;
    }

    /** What is written where nothing is left. */
    private Armed ruin(CampaignId campaign) {
        Armed armed = new Armed(Campaigns.draft(campaign, 1), home);
        armed.suspended = true;
        campaigns.put(campaign, armed);
        writes++;
        return armed;
    }

    private ClaimResult decide(Armed armed, MemberId member, Question question) {
        Campaign campaign = armed.campaign;
        IssuedCoupon won = armed.participants.get(member);
        Instant now = clock.instant();
        ClaimWindow window = campaign.plan().window();
        ClaimWindow.Phase phase = window.phaseAt(now);
        Instant retainedUntil = campaign.retainedUntil();
        if (campaign.state() == CampaignState.DRAFT) {
            return new ClaimResult.UnknownCampaign();
        } else if (retainedUntil != null && !now.isBefore(retainedUntil)) {
            return new ClaimResult.Archived();
        } else if (armed.revoked.contains(member)) {
            return new ClaimResult.Revoked();
        } else if (won != null && (has(Protection.ONE_COUPON_EACH) || question == Question.FIND)) {
            return new ClaimResult.AlreadyIssued(won);
        } else if (campaign.state() == CampaignState.ARCHIVED) {
            return new ClaimResult.Archived();
        } else if (question == Question.FIND) {
            return new ClaimResult.NoClaim();
        } else if (phase == ClaimWindow.Phase.SCHEDULED
                && armed.issued == 0
                && campaign.state() != CampaignState.CLOSED) {
            return new ClaimResult.NotOpenYet(
                    window.opensAt(), Duration.between(now, window.opensAt()));
        } else if (campaign.state() == CampaignState.PAUSED) {
            return new ClaimResult.Paused();
        } else if (campaign.state() == CampaignState.CLOSED || phase == ClaimWindow.Phase.CLOSED) {
            return new ClaimResult.Closed();
        } else if (armed.isEmpty()) {
            return new ClaimResult.SoldOut();
        } else if (campaign.plan().eligibility() == Eligibility.ALLOW_LIST
                && !armed.eligible.contains(member)) {
            return new ClaimResult.NotEligible();
        }
        armed.issued++;
        var coupon =
                new IssuedCoupon(
                        campaign.id(),
                        member,
                        armed.issued,
                        code(),
                        Instant.ofEpochMilli(now.toEpochMilli()),
                        campaign.epoch());
        armed.participants.put(member, coupon);
        return new ClaimResult.Issued(coupon);
    }

    private CouponCode code() {
        return new CouponCode("%08x%012x".formatted(random.nextInt(), random.nextLong(1L << 48)));
    }

    @Override
    public synchronized void arm(Campaign draft) {
        Armed armed = campaigns.computeIfAbsent(draft.id(), id -> new Armed(draft, home));
        if (armed.campaign.state() != CampaignState.DRAFT || armed.issued > 0) {
            throw new IssuanceUnavailableException(Reason.RECOVERING);
        }
        armed.home = home;
        register.add(draft.id());
        writes++;
    }

    @Override
    public synchronized Change change(Campaign campaign) {
        Armed armed = campaigns.get(campaign.id());
        if (armed == null
                || armed.suspended
                || (has(Protection.HOME)
                        && armed.campaign.state() != CampaignState.DRAFT
                        && !armed.home.equals(home))) {
            return new Change(Outcome.ABSENT, 0, 0);
        }
        long version = armed.campaign.version();
        if (campaign.version() <= version) {
            boolean same =
                    campaign.version() == version
                            && campaign.plan().equals(armed.campaign.plan())
                            && campaign.returned() == armed.campaign.returned()
                            && campaign.state() == armed.campaign.state();
            writes++;
            return new Change(same ? Outcome.CURRENT : Outcome.OUTRUN, version, armed.allowList);
        }
        if (campaign.plan().quantity() + campaign.returned() < armed.issued) {
            return new Change(Outcome.BELOW_ISSUED, version, armed.allowList);
        }
        armed.campaign = inEpoch(campaign, armed.campaign.epoch());
        armed.changed();
        writes++;
        return new Change(Outcome.APPLIED, campaign.version(), armed.allowList);
    }

    /** A change of the catalogue never begins an epoch. */
    private static Campaign inEpoch(Campaign campaign, long epoch) {
        return new Campaign(
                campaign.id(),
                campaign.plan(),
                campaign.returned(),
                campaign.state(),
                campaign.allowList(),
                campaign.retainedUntil(),
                campaign.version(),
                epoch,
                campaign.armed());
    }

    /**
     * Announces a change where nodes may answer from memory what was before.
     *
     * @return how long to wait before it may be made; zero where it may be made now
     */
    public synchronized Duration announceChange(Campaign change) {
        Armed armed = campaigns.get(change.id());
        return armed == null || change.version() <= armed.campaign.version()
                ? Duration.ZERO
                : announce(armed);
    }

    /** The same for a revocation. */
    public synchronized Duration announceRevocation(IssuedCoupon coupon) {
        Armed armed = campaigns.get(coupon.campaign());
        return armed == null || armed.revoked.contains(coupon.member())
                ? Duration.ZERO
                : announce(armed);
    }

    private Duration announce(Armed armed) {
        if (!armed.isEmpty() || armed.suspended || !has(Protection.ANNOUNCEMENT)) {
            return Duration.ZERO;
        }
        Instant now = clock.instant();
        if (!now.isBefore(armed.announcedAt.plus(PATIENCE))) {
            armed.announcedAt = now;
            writes++;
        }
        Duration left = Duration.between(now, armed.announcedAt.plus(MEMORY));
        return left.isPositive() ? left : Duration.ZERO;
    }

    @Override
    public Change follow(Campaign campaign) {
        return change(campaign);
    }

    private Armed armed(CampaignId campaign) {
        Armed armed = campaigns.get(campaign);
        if (armed == null) {
            throw new IssuanceUnavailableException(Reason.RECOVERING);
        }
        return armed;
    }

    @Override
    public synchronized void putInForce(
            CampaignId campaign, AllowList list, Stream<List<MemberId>> pages) {
        Armed armed = armed(campaign);
        Set<MemberId> members = pages.flatMap(List::stream).collect(Collectors.toSet());
        writes++;
        if (list.number() > armed.allowList) {
            if (members.size() != list.members()) {
                throw new IssuanceUnavailableException(Reason.UNDECIDED);
            }
            armed.allowList = list.number();
            armed.eligible = members;
        }
    }

    @Override
    public synchronized boolean revoke(IssuedCoupon coupon) {
        Armed armed = armed(coupon.campaign());
        if (armed.suspended
                || (coupon.serial() > armed.issued
                        && armed.campaign.state() != CampaignState.ARCHIVED)) {
            throw new IssuanceUnavailableException(Reason.RECOVERING);
        }
        writes++;
        IssuedCoupon won = armed.participants.putIfAbsent(coupon.member(), coupon);
        if (won != null && won.serial() != coupon.serial()) {
            return false;
        }
        if (armed.revoked.add(coupon.member())) {
            armed.changed();
        }
        return true;
    }

    @Override
    public synchronized void announce(Collection<CampaignId> announced) {
        register.addAll(announced);
        registerIsWhole = true;
        writes++;
    }

    @Override
    public synchronized Optional<Watermark> look(CampaignId campaign, Watermark seen) {
        Armed armed = standing(campaign, seen);
        return armed == null || armed.suspended ? Optional.empty() : Optional.of(armed.watermark());
    }

    @Override
    public synchronized boolean suspend(CampaignId campaign) {
        Armed armed = campaigns.get(campaign);
        if (armed == null) {
            armed = ruin(campaign);
        }
        armed.suspended |= armed.campaign.state() != CampaignState.DRAFT;
        writes++;
        return armed.suspended;
    }

    @Override
    public synchronized Optional<Rebuild> begin(CampaignId campaign, Duration lease) {
        register.add(campaign);
        Object token = new Object();
        return begin(campaign, token, lease)
                .map(fence -> new Rebuilding(campaign, token, lease, fence));
    }

    private Optional<Long> begin(CampaignId campaign, Object token, Duration lease) {
        Armed found = campaigns.get(campaign);
        Armed armed = found == null ? ruin(campaign) : found;
        boolean held =
                armed.rebuilder != null
                        && armed.rebuiltOn.equals(home)
                        && !armed.rebuilder.equals(token)
                        && clock.instant().isBefore(armed.rebuilderUntil);
        if (!armed.suspended || held) {
            return Optional.empty();
        }
        armed.rebuilder = token;
        armed.rebuiltOn = home;
        armed.rebuilderUntil = clock.instant().plus(lease);
        armed.fence = Math.max(armed.fence, armed.issued);
        writes++;
        return Optional.of(has(Protection.FENCE) ? armed.fence : 0);
    }

    private final class Rebuilding implements Rebuild {

        private final CampaignId campaign;
        private final Object token;
        private final Duration lease;
        private long fence;

        Rebuilding(CampaignId campaign, Object token, Duration lease, long fence) {
            this.campaign = campaign;
            this.token = token;
            this.lease = lease;
            this.fence = fence;
        }

        @Override
        public String toString() {
            return "rebuild of " + campaign;
        }

        private Armed held() {
            Armed armed = campaigns.get(campaign);
            if (armed == null
                    || !armed.suspended
                    || !token.equals(armed.rebuilder)
                    || !armed.rebuiltOn.equals(home)) {
                throw new OutlivedException(campaign);
            }
            armed.rebuilderUntil = clock.instant().plus(lease);
            writes++;
            return armed;
        }

        @Override
        public long fence() {
            return fence;
        }

        @Override
        public void prolong() {
            synchronized (InMemoryCouponStock.this) {
                fence = has(Protection.FENCE) ? held().fence : 0;
            }
        }

        @Override
        public void abandon() {
            synchronized (InMemoryCouponStock.this) {
                Armed armed = campaigns.get(campaign);
                if (armed != null && token.equals(armed.rebuilder)) {
                    held().rebuilderUntil = clock.instant();
                }
            }
        }

        @Override
        public Page left(String cursor, int limit) {
            synchronized (InMemoryCouponStock.this) {
                Armed armed = campaigns.get(campaign);
                List<IssuedCoupon> left =
                        armed == null
                                ? List.of()
                                : armed.participants.values().stream()
                                        .filter(coupon ->
                                                coupon.member().value().compareTo(cursor) > 0)
                                        .limit(limit)
                                        .toList();
                return new Page(left, left.size() == limit ? left.getLast().member().value() : "");
            }
        }

        @Override
        public void drop(List<IssuedCoupon> coupons) {
            synchronized (InMemoryCouponStock.this) {
                Armed armed = held();
                for (IssuedCoupon coupon : coupons) {
                    IssuedCoupon there = armed.participants.get(coupon.member());
                    if (there != null && there.serial() == coupon.serial()) {
                        armed.participants.remove(coupon.member());
                        armed.revoked.remove(coupon.member());
                    }
                }
            }
        }

        @Override
        public void restore(List<Winner> winners) {
            synchronized (InMemoryCouponStock.this) {
                Armed armed = held();
                for (Winner winner : winners) {
                    IssuedCoupon coupon = winner.coupon();
                    IssuedCoupon there = armed.participants.putIfAbsent(coupon.member(), coupon);
                    if (winner.revoked() && (there == null || there.serial() == coupon.serial())) {
                        armed.revoked.add(coupon.member());
                    }
                }
            }
        }

        @Override
        public boolean resume(Campaign rebuilt, long issued) {
            synchronized (InMemoryCouponStock.this) {
                Armed armed = held();
                long stock = rebuilt.plan().quantity() + rebuilt.returned();
                if (issued > stock) {
                    throw new IllegalArgumentException("More are issued than there are.");
                }
                if (has(Protection.FENCE) && Math.min(armed.fence, stock) > issued) {
                    fence = armed.fence;
                    return false;
                }
                armed.campaign = rebuilt;
                armed.home = home;
                armed.issued = issued;
                armed.cut = issued;
                armed.fence = 0;
                armed.changed();
                armed.suspended = false;
                armed.rebuilder = null;
                return true;
            }
        }
    }

    private final class Decided implements Decision {

        private final CampaignId campaign;
        private final List<ClaimResult> results;
        private final List<OutboxEntry> outbox;
        private final Watermark watermark;
        private final @Nullable SoldOut soldOut;
        private final Duration soldOutFor;
        private final long cut;
        private final String decidedOn;

        Decided(
                CampaignId campaign,
                List<ClaimResult> results,
                List<OutboxEntry> outbox,
                Watermark watermark,
                @Nullable SoldOut soldOut,
                Duration soldOutFor,
                long cut,
                String decidedOn) {
            this.campaign = campaign;
            this.results = results;
            this.outbox = outbox;
            this.watermark = watermark;
            this.soldOut = soldOut;
            this.soldOutFor = soldOutFor;
            this.cut = cut;
            this.decidedOn = decidedOn;
        }

        @Override
        public List<ClaimResult> results() {
            return results;
        }

        @Override
        public List<OutboxEntry> outbox() {
            return outbox;
        }

        @Override
        public Watermark watermark() {
            return watermark;
        }

        @Override
        public @Nullable SoldOut soldOut() {
            return soldOut;
        }

        @Override
        public Duration soldOutFor() {
            return soldOutFor;
        }

        @Override
        public long cut() {
            return cut;
        }

        @Override
        public String home() {
            return decidedOn;
        }

        private boolean isStillThere() {
            Armed armed = campaigns.get(campaign);
            return armed != null && decidedOn.equals(homeOf(armed));
        }

        @Override
        public boolean confirm(Duration budget) {
            return isStillThere() && replication.apply(budget);
        }

        @Override
        public long published() {
            synchronized (InMemoryCouponStock.this) {
                if (!isStillThere()) {
                    return 0;
                }
                return InMemoryCouponStock.this.published(campaign, watermark);
            }
        }

        @Override
        public void close() {}
    }
}
