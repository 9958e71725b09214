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
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.domain.Winner;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignRecovery;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.EligibleMembers;
import com.coupon.issuance.port.out.Participants;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The stock as a plain Java model of what the scripts do, on one server that can be swapped for
 * another one. Thread-safe.
 */
public final class InMemoryCouponStock
        implements CouponStock, CampaignArming, EligibleMembers, Participants, CampaignRecovery {

    /** What the server holds of one campaign. */
    private static final class Armed {
        private Campaign campaign;
        private String home;
        private long issued;
        private long cut;
        private long allowList;
        private boolean suspended;
        private long fence;
        private @Nullable Object rebuilder;
        private Instant rebuilderUntil = Instant.MIN;
        private Set<MemberId> eligible = Set.of();
        private final Map<MemberId, IssuedCoupon> participants = new HashMap<>();
        private final Set<MemberId> revoked = new HashSet<>();
        private final Map<String, OutboxEntry> outbox = new LinkedHashMap<>();

        Armed(Campaign campaign, String home) {
            this.campaign = campaign;
            this.home = home;
        }

        Armed copy() {
            Armed copy = new Armed(campaign, home);
            copy.issued = issued;
            copy.cut = cut;
            copy.allowList = allowList;
            copy.suspended = suspended;
            copy.fence = fence;
            copy.rebuilder = rebuilder;
            copy.rebuilderUntil = rebuilderUntil;
            copy.eligible = eligible;
            copy.participants.putAll(participants);
            copy.revoked.addAll(revoked);
            copy.outbox.putAll(outbox);
            return copy;
        }

        Watermark watermark() {
            return new Watermark(campaign.epoch(), issued);
        }
    }

    /** All that a server holds, as a replica has it. */
    public static final class Snapshot {
        private final Map<CampaignId, Armed> campaigns = new HashMap<>();

        private Snapshot(Map<CampaignId, Armed> campaigns) {
            campaigns.forEach((id, armed) -> this.campaigns.put(id, armed.copy()));
        }
    }

    private final InstantSource clock;
    private final Random random = new Random(7);
    private final Map<CampaignId, Armed> campaigns = new HashMap<>();
    private Function<Duration, Boolean> replication = budget -> true;
    private boolean replicated;
    private String home = "first";

    public InMemoryCouponStock(InstantSource clock) {
        this.clock = clock;
    }

    /** Has decisions wait for replication, whose outcome the function tells from the budget. */
    public void replicateBy(Function<Duration, Boolean> outcome) {
        replicated = true;
        replication = outcome;
    }

    /** What a replica has that has followed to this moment. */
    public synchronized Snapshot snapshot() {
        return new Snapshot(campaigns);
    }

    /** From now on another server answers, which has followed the last one as far as that. */
    public synchronized void moveTo(String otherHome, Snapshot snapshot) {
        home = otherHome;
        campaigns.clear();
        campaigns.putAll(new Snapshot(snapshot.campaigns).campaigns);
    }

    /** From now on another server answers, which lacks nothing. */
    public synchronized void moveTo(String otherHome) {
        moveTo(otherHome, snapshot());
    }

    /** Loses all of a campaign. */
    public synchronized void lose(CampaignId campaign) {
        campaigns.remove(campaign);
    }

    /** The outbox of a campaign, by the ids of its entries. */
    public synchronized List<OutboxEntry> outbox(CampaignId campaign) {
        Armed armed = campaigns.get(campaign);
        return armed == null ? List.of() : List.copyOf(armed.outbox.values());
    }

    /** Removes entries that are known to be in Kafka. */
    public synchronized void removePublished(
            CampaignId campaign, Collection<OutboxEntry> published) {
        Armed armed = campaigns.get(campaign);
        if (armed != null) {
            published.forEach(entry -> armed.outbox.remove(entry.id(), entry));
        }
    }

    public synchronized Set<CampaignId> campaigns() {
        return Set.copyOf(campaigns.keySet());
    }

    @Override
    public boolean isReplicated() {
        return replicated;
    }

    @Override
    public synchronized Decision decide(ClaimBatch batch) {
        Armed armed = standing(batch.campaign(), batch.seen());
        if (armed == null || armed.suspended) {
            ClaimResult result =
                    armed == null
                            ? new ClaimResult.UnknownCampaign()
                            : new ClaimResult.Recovering();
            return new Decided(
                    batch.campaign(),
                    Collections.nCopies(batch.members().size(), result),
                    List.of(),
                    Watermark.NONE,
                    0,
                    "");
        }
        List<ClaimResult> results = new ArrayList<>();
        List<OutboxEntry> outbox = new ArrayList<>();
        for (MemberId member : batch.members()) {
            ClaimResult result = decide(armed, member, batch.question());
            if (result instanceof ClaimResult.Issued(var coupon)) {
                outbox.add(new OutboxEntry(coupon.epoch() + "-" + coupon.serial(), coupon));
            }
            results.add(result);
        }
        outbox.forEach(entry -> armed.outbox.put(entry.id(), entry));
        return new Decided(
                batch.campaign(),
                results,
                outbox,
                armed.watermark(),
                armed.cut,
                home + "/" + armed.campaign.epoch());
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
        boolean behind = !armed.watermark().or(seen).equals(armed.watermark());
        if (armed.suspended || !armed.home.equals(home) || behind) {
            armed.suspended = true;
            armed.fence = Math.max(armed.fence, seen.issued());
        }
        return armed;
    }

    /** What is written where nothing is left. */
    private Armed ruin(CampaignId campaign) {
        Armed armed = new Armed(Campaigns.draft(campaign, 1), home);
        armed.suspended = true;
        campaigns.put(campaign, armed);
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
        } else if (won != null) {
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
        } else if (armed.issued == campaign.plan().quantity() + campaign.returned()) {
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
    }

    @Override
    public synchronized Change change(Campaign campaign) {
        Armed armed = campaigns.get(campaign.id());
        if (armed == null
                || armed.suspended
                || (armed.campaign.state() != CampaignState.DRAFT && !armed.home.equals(home))) {
            return new Change(Outcome.ABSENT, 0, 0);
        }
        long version = armed.campaign.version();
        if (campaign.version() <= version) {
            boolean same =
                    campaign.version() == version
                            && campaign.plan().equals(armed.campaign.plan())
                            && campaign.returned() == armed.campaign.returned()
                            && campaign.state() == armed.campaign.state();
            return new Change(same ? Outcome.CURRENT : Outcome.OUTRUN, version, armed.allowList);
        }
        if (campaign.plan().quantity() + campaign.returned() < armed.issued) {
            return new Change(Outcome.BELOW_ISSUED, version, armed.allowList);
        }
        armed.campaign = campaign;
        return new Change(Outcome.APPLIED, campaign.version(), armed.allowList);
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
        if (armed.suspended) {
            throw new IssuanceUnavailableException(Reason.RECOVERING);
        }
        IssuedCoupon won = armed.participants.putIfAbsent(coupon.member(), coupon);
        if (won != null && won.serial() != coupon.serial()) {
            return false;
        }
        armed.revoked.add(coupon.member());
        return true;
    }

    @Override
    public void announce(Collection<CampaignId> announced) {
        // What is armed is known here by itself.
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
        return armed.suspended;
    }

    @Override
    public synchronized Optional<Rebuild> begin(CampaignId campaign, Duration lease) {
        Object token = new Object();
        return begin(campaign, token, lease).isPresent()
                ? Optional.of(new Rebuilding(campaign, token, lease))
                : Optional.empty();
    }

    private Optional<Long> begin(CampaignId campaign, Object token, Duration lease) {
        Armed found = campaigns.get(campaign);
        Armed armed = found == null ? ruin(campaign) : found;
        boolean held =
                armed.rebuilder != null
                        && !armed.rebuilder.equals(token)
                        && clock.instant().isBefore(armed.rebuilderUntil);
        if (!armed.suspended || held) {
            return Optional.empty();
        }
        armed.rebuilder = token;
        armed.rebuilderUntil = clock.instant().plus(lease);
        return Optional.of(armed.fence);
    }

    private final class Rebuilding implements Rebuild {

        private final CampaignId campaign;
        private final Object token;
        private final Duration lease;

        Rebuilding(CampaignId campaign, Object token, Duration lease) {
            this.campaign = campaign;
            this.token = token;
            this.lease = lease;
        }

        private Armed held() {
            Armed armed = campaigns.get(campaign);
            if (armed == null || !armed.suspended || !token.equals(armed.rebuilder)) {
                throw new OutlivedException(campaign);
            }
            armed.rebuilderUntil = clock.instant().plus(lease);
            return armed;
        }

        @Override
        public long fence() {
            synchronized (InMemoryCouponStock.this) {
                return begin(campaign, token, lease)
                        .orElseThrow(() -> new OutlivedException(campaign));
            }
        }

        @Override
        public void prolong() {
            fence();
        }

        @Override
        public Page left(String cursor, int limit) {
            synchronized (InMemoryCouponStock.this) {
                Armed armed = campaigns.get(campaign);
                return new Page(
                        armed == null ? List.of() : List.copyOf(armed.participants.values()), "");
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
                if (Math.min(armed.fence, stock) > issued) {
                    return false;
                }
                armed.campaign = rebuilt;
                armed.home = home;
                armed.issued = issued;
                armed.cut = issued;
                armed.fence = 0;
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
        private final long cut;
        private final String decidedOn;

        Decided(
                CampaignId campaign,
                List<ClaimResult> results,
                List<OutboxEntry> outbox,
                Watermark watermark,
                long cut,
                String decidedOn) {
            this.campaign = campaign;
            this.results = results;
            this.outbox = outbox;
            this.watermark = watermark;
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
        public long cut() {
            return cut;
        }

        @Override
        public String home() {
            return decidedOn;
        }

        private boolean isStillThere() {
            Armed armed = campaigns.get(campaign);
            return armed != null && decidedOn.equals(home + "/" + armed.campaign.epoch());
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
                return InMemoryCouponStock.this.outbox(campaign).stream()
                        .mapToLong(entry -> entry.coupon().serial() - 1)
                        .findFirst()
                        .orElse(watermark.issued());
            }
        }

        @Override
        public void close() {}
    }
}
