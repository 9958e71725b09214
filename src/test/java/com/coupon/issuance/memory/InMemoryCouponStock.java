package com.coupon.issuance.memory;

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
import com.coupon.issuance.port.out.CampaignArming;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The stock as a plain Java model of what the scripts do. Thread-safe. */
public final class InMemoryCouponStock
        implements CouponStock, CampaignArming, EligibleMembers, Participants {

    private static final class Armed {
        private Campaign campaign;
        private long issued;
        private long allowList;
        private Set<MemberId> eligible = Set.of();
        private final Map<MemberId, IssuedCoupon> participants = new HashMap<>();
        private final Set<MemberId> revoked = new HashSet<>();

        Armed(Campaign campaign) {
            this.campaign = campaign;
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

    /** From now on it answers as another server would. */
    public void moveTo(String otherHome) {
        home = otherHome;
    }

    @Override
    public boolean isReplicated() {
        return replicated;
    }

    @Override
    public synchronized Decision decide(ClaimBatch batch) {
        Armed armed = campaigns.get(batch.campaign());
        List<ClaimResult> results = new ArrayList<>();
        List<OutboxEntry> outbox = new ArrayList<>();
        for (MemberId member : batch.members()) {
            ClaimResult result =
                    armed == null
                            ? new ClaimResult.UnknownCampaign()
                            : decide(armed, member, batch.question());
            if (result instanceof ClaimResult.Issued(var coupon)) {
                outbox.add(new OutboxEntry("0-" + coupon.serial(), coupon));
            }
            results.add(result);
        }
        return new Decided(
                results,
                outbox,
                armed == null ? 0 : armed.issued,
                home,
                budget -> replication.apply(budget));
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
                        1);
        armed.participants.put(member, coupon);
        return new ClaimResult.Issued(coupon);
    }

    private CouponCode code() {
        return new CouponCode("%08x%012x".formatted(random.nextInt(), random.nextLong(1L << 48)));
    }

    @Override
    public synchronized void arm(Campaign draft) {
        Armed armed = campaigns.computeIfAbsent(draft.id(), id -> new Armed(draft));
        if (armed.campaign.state() != CampaignState.DRAFT || armed.issued > 0) {
            throw new IssuanceUnavailableException(Reason.RECOVERING);
        }
    }

    @Override
    public synchronized Change change(Campaign campaign) {
        Armed armed = campaigns.get(campaign.id());
        if (armed == null) {
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

    private record Decided(
            List<ClaimResult> results,
            List<OutboxEntry> outbox,
            long issued,
            String home,
            Function<Duration, Boolean> replication)
            implements Decision {

        @Override
        public boolean confirm(Duration budget) {
            return replication.apply(budget);
        }

        @Override
        public void close() {}
    }
}
