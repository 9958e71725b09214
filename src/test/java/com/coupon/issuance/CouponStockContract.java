package com.coupon.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.issuance.domain.AllowList;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignPlan;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.ClaimWindow;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.Eligibility;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.domain.SoldOut;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.domain.Winner;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignArming.Change;
import com.coupon.issuance.port.out.CampaignArming.Outcome;
import com.coupon.issuance.port.out.CampaignRecovery;
import com.coupon.issuance.port.out.CampaignRecovery.OutlivedException;
import com.coupon.issuance.port.out.CampaignRecovery.Page;
import com.coupon.issuance.port.out.CampaignRecovery.Rebuild;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.CouponStock.Decision;
import com.coupon.issuance.port.out.EligibleMembers;
import com.coupon.issuance.port.out.Participants;
import com.coupon.issuance.port.out.WinnerReading;
import com.coupon.issuance.port.out.WinnerReading.WinnerPage;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every stock keeps, real or fake. */
public abstract class CouponStockContract {

    protected abstract CouponStock stock();

    protected abstract CampaignArming arming();

    protected abstract EligibleMembers eligible();

    protected abstract Participants participants();

    protected abstract CampaignRecovery recovery();

    protected abstract WinnerReading winners();

    /** Loses all that there is of a campaign. */
    protected abstract void lose(CampaignId campaign);

    private CampaignId open(long quantity) {
        Campaign draft = Campaigns.draft(Campaigns.newId(), quantity);
        arming().arm(draft);
        assertThat(arming().change(draft.published()).outcome()).isEqualTo(Outcome.APPLIED);
        return draft.id();
    }

    private Decision decide(Question question, CampaignId campaign, String... members) {
        try (Decision decision =
                stock().decide(
                                new ClaimBatch(
                                        campaign,
                                        question,
                                        Arrays.stream(members).map(MemberId::new).toList(),
                                        Confirmed.EVERYTHING,
                                        Watermark.NONE))) {
            return decision;
        }
    }

    private List<ClaimResult> claim(CampaignId campaign, String... members) {
        return decide(Question.CLAIM, campaign, members).results();
    }

    private static IssuedCoupon won(ClaimResult result) {
        return switch (result) {
            case ClaimResult.Issued(var coupon) -> coupon;
            case ClaimResult.AlreadyIssued(var coupon) -> coupon;
            default -> throw new AssertionError("No coupon in " + result);
        };
    }

    @Test
    void theFirstToComeAreServedInTheirOrder() {
        List<ClaimResult> results = claim(open(2), "ann", "bob", "cid");

        assertThat(results.subList(0, 2)).hasOnlyElementsOfType(ClaimResult.Issued.class);
        assertThat(results.subList(0, 2))
                .extracting(result -> won(result).serial())
                .containsExactly(1L, 2L);
        assertThat(results.get(2)).isEqualTo(new ClaimResult.SoldOut());
    }

    @Test
    void aWinnerWhoAsksAgainAfterSellOutGetsTheSameCoupon() {
        CampaignId campaign = open(1);
        IssuedCoupon coupon = won(claim(campaign, "ann").getFirst());

        assertThat(claim(campaign, "bob", "ann"))
                .containsExactly(new ClaimResult.SoldOut(), new ClaimResult.AlreadyIssued(coupon));
        assertThat(decide(Question.FIND, campaign, "ann", "bob").results())
                .containsExactly(new ClaimResult.AlreadyIssued(coupon), new ClaimResult.NoClaim());
    }

    @Test
    void aMemberTwiceInABatchIsOneClaim() {
        List<ClaimResult> results = claim(open(2), "ann", "ann", "bob");

        assertThat(results.get(1)).isEqualTo(new ClaimResult.AlreadyIssued(won(results.get(0))));
        assertThat(won(results.get(2)).serial()).isEqualTo(2);
    }

    @Test
    void whatIsIssuedIsInTheOutboxAndNothingElseIs() {
        CampaignId campaign = open(1);
        Decision decision = decide(Question.CLAIM, campaign, "ann", "ann", "bob");

        assertThat(decision.outbox())
                .extracting(OutboxEntry::coupon)
                .containsExactly(won(decision.results().getFirst()));
        assertThat(decision.watermark().issued()).isEqualTo(1);
        assertThat(decide(Question.CLAIM, campaign, "ann", "cid").outbox()).isEmpty();
    }

    @Test
    void aDraftIsUnknownAlsoWhenItIsArmed() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 1);
        arming().announce(List.of());
        assertThat(stock().unknown(Set.of(draft.id()))).containsExactly(draft.id());
        assertThat(claim(draft.id(), "ann"))
                .as("whoever asks for it nevertheless knows that it was there")
                .containsExactly(new ClaimResult.Recovering());

        arming().arm(draft);
        assertThat(stock().unknown(Set.of(draft.id()))).isEmpty();
        assertThat(claim(draft.id(), "ann")).containsExactly(new ClaimResult.UnknownCampaign());
    }

    @Test
    void armingAgainNeverRefillsTheStock() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 1);
        arming().arm(draft);
        arming().change(draft.published());
        claim(draft.id(), "ann");

        assertThatThrownBy(() -> arming().arm(draft))
                .as("what was armed as a draft and has issued something is no draft any more")
                .isInstanceOf(IssuanceUnavailableException.class);
        assertThat(arming().change(draft.published())).isEqualTo(new Change(Outcome.CURRENT, 2, 0));
        assertThat(claim(draft.id(), "bob")).containsExactly(new ClaimResult.SoldOut());
    }

    @Test
    void aChangeCreatesNothing() {
        assertThat(arming().change(Campaigns.draft(Campaigns.newId(), 1).published()))
                .isEqualTo(new Change(Outcome.ABSENT, 0, 0));
    }

    private static Campaign with(Campaign campaign, long quantity, long version) {
        return new Campaign(
                campaign.id(),
                Campaigns.plan(quantity),
                campaign.returned(),
                campaign.state(),
                campaign.allowList(),
                campaign.retainedUntil(),
                version,
                campaign.epoch(),
                campaign.armed());
    }

    @Test
    void anOlderChangeOrAnotherOfTheSameVersionIsOutrun() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 2);
        arming().arm(draft);
        Campaign published = draft.published();
        arming().change(with(published, 3, 7));

        assertThat(arming().change(published)).isEqualTo(new Change(Outcome.OUTRUN, 7, 0));
        assertThat(arming().change(with(published, 9, 7)))
                .isEqualTo(new Change(Outcome.OUTRUN, 7, 0));
        assertThat(arming().change(with(published, 3, 7)))
                .isEqualTo(new Change(Outcome.CURRENT, 7, 0));
        assertThat(claim(draft.id(), "ann", "bob", "cid", "dan").get(3))
                .isEqualTo(new ClaimResult.SoldOut());
    }

    @Test
    void theStockGrowsAndSinksButNotBelowWhatIsIssued() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 1);
        arming().arm(draft);
        Campaign published = draft.published();
        arming().change(published);
        assertThat(claim(draft.id(), "ann", "bob").get(1)).isEqualTo(new ClaimResult.SoldOut());

        assertThat(arming().change(with(published, 3, 3)))
                .isEqualTo(new Change(Outcome.APPLIED, 3, 0));
        assertThat(won(claim(draft.id(), "bob").getFirst()).serial()).isEqualTo(2);
        assertThat(arming().change(with(published, 1, 4)))
                .isEqualTo(new Change(Outcome.BELOW_ISSUED, 3, 0));
        assertThat(arming().change(with(published, 2, 4)))
                .isEqualTo(new Change(Outcome.APPLIED, 4, 0));
        assertThat(claim(draft.id(), "cid")).containsExactly(new ClaimResult.SoldOut());
    }

    @Test
    void onlyWhoIsOnTheListInForceMayClaim() {
        CampaignPlan plan = Campaigns.plan(5);
        Campaign draft =
                Campaign.draft(
                                Campaigns.newId(),
                                new CampaignPlan(
                                        plan.name(),
                                        plan.coupon(),
                                        plan.quantity(),
                                        plan.window(),
                                        Eligibility.ALLOW_LIST))
                        .withAllowList(new AllowList(3, 2));
        arming().arm(draft);
        arming().change(draft.published());
        assertThat(claim(draft.id(), "ann")).containsExactly(new ClaimResult.NotEligible());

        allow(draft, 3, "ann", "bob");
        assertThat(claim(draft.id(), "ann", "bob", "cid"))
                .last()
                .isEqualTo(new ClaimResult.NotEligible());
        allow(draft, 4, "cid");
        allow(draft, 3, "dan");

        assertThatThrownBy(() -> allow(draft, 5, 2, "dan"))
                .as("a list that is not whole")
                .isInstanceOf(IssuanceUnavailableException.class);
        assertThat(arming().change(draft.published()).allowList()).isEqualTo(4);
        List<ClaimResult> results = claim(draft.id(), "ann", "cid", "dan");
        assertThat(won(results.get(0)).serial()).isEqualTo(1);
        assertThat(won(results.get(1)).serial()).isEqualTo(3);
        assertThat(results.get(2)).isEqualTo(new ClaimResult.NotEligible());
    }

    /** A page for each member. */
    private void allow(Campaign campaign, long list, String... members) {
        allow(campaign, list, members.length, members);
    }

    private void allow(Campaign campaign, long list, long size, String... members) {
        eligible()
                .putInForce(
                        campaign.id(),
                        new AllowList(list, size),
                        Arrays.stream(members).map(member -> List.of(new MemberId(member))));
    }

    @Test
    void aRevokedCouponStaysRevokedAndItsHolderWinsNoOther() {
        CampaignId campaign = open(2);
        IssuedCoupon coupon = won(claim(campaign, "ann").getFirst());

        assertThat(participants().revoke(coupon)).isTrue();
        assertThat(participants().revoke(coupon)).isTrue();

        assertThat(claim(campaign, "ann")).containsExactly(new ClaimResult.Revoked());
        assertThat(decide(Question.FIND, campaign, "ann").results())
                .containsExactly(new ClaimResult.Revoked());
        assertThat(won(claim(campaign, "bob").getFirst()).serial()).isEqualTo(2);
        var another =
                new IssuedCoupon(
                        campaign,
                        new MemberId("bob"),
                        1,
                        coupon.code(),
                        coupon.issuedAt(),
                        coupon.epoch());
        assertThat(participants().revoke(another)).isFalse();
        assertThat(claim(campaign, "bob").getFirst()).isInstanceOf(ClaimResult.AlreadyIssued.class);
    }

    @Test
    void anArchivedCampaignAnswersItsWinnersUntilTheRetentionEnds() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 2);
        arming().arm(draft);
        Campaign closed = draft.published().closed();
        arming().change(draft.published());
        IssuedCoupon coupon = won(claim(draft.id(), "ann").getFirst());
        arming().change(closed);
        drain(draft.id());

        Campaign archived = closed.archived(Instant.parse("2999-01-01T00:00:00Z"));
        assertThat(arming().change(archived).outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(arming().change(archived).outcome()).isEqualTo(Outcome.CURRENT);
        assertThat(claim(draft.id(), "ann", "bob"))
                .containsExactly(new ClaimResult.AlreadyIssued(coupon), new ClaimResult.Archived());

        Campaign forgotten =
                new Campaign(
                        archived.id(),
                        archived.plan(),
                        0,
                        archived.state(),
                        AllowList.NONE,
                        Instant.EPOCH,
                        archived.version() + 1,
                        1,
                        true);
        arming().change(forgotten);
        arming().follow(forgotten);
        assertThat(claim(draft.id(), "ann", "bob"))
                .containsExactly(new ClaimResult.Archived(), new ClaimResult.Archived());
        assertThat(participants().revoke(coupon)).isTrue();
    }

    /** Empties the outbox, as the relay does. */
    protected void drain(CampaignId campaign) {}

    @Test
    void aDecisionCanBeConfirmed() {
        try (Decision decision =
                stock().decide(
                                new ClaimBatch(
                                        open(1),
                                        Question.CLAIM,
                                        List.of(new MemberId("ann")),
                                        Confirmed.NOTHING,
                                        Watermark.NONE))) {
            assertThat(decision.confirm(Duration.ofSeconds(5))).isTrue();
        }
    }

    @Test
    void neverMoreThanThereAreHoweverManyClaimAtOnce() {
        CampaignId campaign = open(100);
        Queue<ClaimResult> results = new ConcurrentLinkedQueue<>();

        IntStream.range(0, 500)
                .parallel()
                .forEach(
                        number -> results.addAll(claim(campaign, "m" + number, "n" + number % 50)));

        List<IssuedCoupon> issued =
                results.stream()
                        .filter(ClaimResult.Issued.class::isInstance)
                        .map(CouponStockContract::won)
                        .toList();
        assertThat(issued)
                .extracting(IssuedCoupon::serial)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 100).mapToObj(Long::valueOf).toList());
        assertThat(issued).extracting(IssuedCoupon::member).doesNotHaveDuplicates();
        assertThat(issued).extracting(IssuedCoupon::code).doesNotHaveDuplicates();
    }

    private static final Duration LEASE = Duration.ofMinutes(1);

    private Campaign published(long quantity) {
        Campaign draft = Campaigns.draft(Campaigns.newId(), quantity);
        arming().arm(draft);
        arming().change(draft.published());
        return draft.published();
    }

    private Rebuild begin(Campaign campaign) {
        return recovery().begin(campaign.id(), LEASE).orElseThrow();
    }

    private List<ClaimResult> claim(Watermark seen, CampaignId campaign, String member) {
        try (Decision decision =
                stock().decide(
                                new ClaimBatch(
                                        campaign,
                                        Question.CLAIM,
                                        List.of(new MemberId(member)),
                                        Confirmed.NOTHING,
                                        seen))) {
            return decision.results();
        }
    }

    @Test
    void aLookTellsHowFarAnIntactCampaignIs() {
        Campaign campaign = published(3);
        claim(campaign.id(), "ann", "bob");

        assertThat(recovery().look(campaign.id(), Watermark.NONE)).contains(new Watermark(1, 2));
        assertThat(recovery().look(campaign.id(), new Watermark(1, 2)))
                .contains(new Watermark(1, 2));
        assertThat(recovery().begin(campaign.id(), LEASE)).as("nothing to rebuild").isEmpty();
    }

    @Test
    void aCampaignThatIsBehindWhatAnybodyHasSeenIsSuspendedForEverybody() {
        Campaign campaign = published(5);
        claim(campaign.id(), "ann");

        assertThat(claim(new Watermark(1, 3), campaign.id(), "bob"))
                .containsExactly(new ClaimResult.Recovering());
        assertThat(claim(campaign.id(), "ann")).containsExactly(new ClaimResult.Recovering());
        assertThat(recovery().look(campaign.id(), Watermark.NONE)).isEmpty();
        assertThat(arming().change(with(campaign, 9, 9)).outcome()).isEqualTo(Outcome.ABSENT);
        assertThat(begin(campaign).fence()).isEqualTo(3);
    }

    @Test
    void theFenceIsTheHighestSerialThatAnyNodeHasSeen() {
        Campaign campaign = published(9);
        claim(new Watermark(1, 3), campaign.id(), "bob");
        claim(new Watermark(1, 7), campaign.id(), "bob");
        claim(new Watermark(1, 5), campaign.id(), "bob");

        assertThat(begin(campaign).fence()).isEqualTo(7);
    }

    @Test
    void aRebuiltCampaignGoesOnAfterTheHighestSerialAndKeepsItsWinners() {
        Campaign campaign = published(5);
        IssuedCoupon ann = won(claim(campaign.id(), "ann").getFirst());
        IssuedCoupon lost =
                new IssuedCoupon(
                        campaign.id(), new MemberId("bob"), 2, ann.code(), ann.issuedAt(), 1);
        recovery().suspend(campaign.id());
        Rebuild rebuild = begin(campaign);

        assertThat(left(rebuild)).containsExactly(ann);
        rebuild.restore(List.of(new Winner(ann, false), new Winner(lost, false)));
        assertThat(rebuild.resume(campaign.rebuilt(), 3)).isTrue();

        assertThat(claim(campaign.id(), "ann", "bob"))
                .containsExactly(
                        new ClaimResult.AlreadyIssued(ann), new ClaimResult.AlreadyIssued(lost));
        Decision next = decide(Question.CLAIM, campaign.id(), "cid", "dan", "eve");
        assertThat(won(next.results().getFirst()).serial()).isEqualTo(4);
        assertThat(won(next.results().getFirst()).epoch()).isEqualTo(2);
        assertThat(next.results().getLast()).isEqualTo(new ClaimResult.SoldOut());
        assertThat(next.watermark()).isEqualTo(new Watermark(2, 5));
        assertThat(next.cut()).isEqualTo(3);
        assertThat(recovery().look(campaign.id(), new Watermark(1, 9)))
                .as("what was seen in an older epoch is accounted for")
                .contains(new Watermark(2, 5));
    }

    private static List<IssuedCoupon> left(Rebuild rebuild) {
        List<IssuedCoupon> coupons = new ArrayList<>();
        String cursor = "";
        do {
            Page page = rebuild.left(cursor, 10);
            coupons.addAll(page.coupons());
            cursor = page.cursor();
        } while (!cursor.isEmpty());
        return coupons;
    }

    @Test
    void aCampaignThatIsLostIsMadeAnew() {
        Campaign campaign = published(3);
        IssuedCoupon ann = won(claim(campaign.id(), "ann").getFirst());
        arming().announce(List.of(campaign.id()));
        lose(campaign.id());
        assertThat(claim(new Watermark(1, 1), campaign.id(), "ann"))
                .containsExactly(new ClaimResult.Recovering());

        Rebuild rebuild = begin(campaign);
        assertThat(rebuild.fence()).isEqualTo(1);
        assertThat(left(rebuild)).isEmpty();
        rebuild.restore(List.of(new Winner(ann, false)));
        assertThat(rebuild.resume(campaign.rebuilt(), 1)).isTrue();

        assertThat(claim(campaign.id(), "ann")).containsExactly(new ClaimResult.AlreadyIssued(ann));
        assertThat(won(claim(campaign.id(), "bob").getFirst()).serial()).isEqualTo(2);
        assertThat(won(claim(campaign.id(), "cid").getFirst()).serial()).isEqualTo(3);
        assertThat(claim(campaign.id(), "dan")).containsExactly(new ClaimResult.SoldOut());
    }

    @Test
    void aTokenThatOutlivedItsHolderWritesNothing() {
        Campaign campaign = published(3);
        recovery().suspend(campaign.id());
        Rebuild stalled = recovery().begin(campaign.id(), Duration.ofMillis(1)).orElseThrow();
        Rebuild other =
                await().until(() -> recovery().begin(campaign.id(), LEASE), Optional::isPresent)
                        .orElseThrow();
        assertThat(recovery().begin(campaign.id(), LEASE)).as("held").isEmpty();

        IssuedCoupon forged =
                new IssuedCoupon(
                        campaign.id(),
                        new MemberId("ann"),
                        1,
                        new CouponCode("0".repeat(20)),
                        Instant.EPOCH,
                        1);
        assertThatThrownBy(() -> stalled.restore(List.of(new Winner(forged, false))))
                .isInstanceOf(OutlivedException.class);
        assertThatThrownBy(() -> stalled.resume(campaign.rebuilt(), 0))
                .isInstanceOf(OutlivedException.class);

        assertThat(other.resume(campaign.rebuilt(), 0)).isTrue();
        assertThatThrownBy(() -> other.resume(campaign.rebuilt(), 0))
                .as("it is over")
                .isInstanceOf(OutlivedException.class);
        assertThat(won(claim(campaign.id(), "ann").getFirst()).serial()).isEqualTo(1);
    }

    @Test
    void aRebuildThatIsAbandonedNeedNotBeWaitedFor() {
        Campaign campaign = published(3);
        recovery().suspend(campaign.id());
        Rebuild abandoned = begin(campaign);
        assertThat(recovery().begin(campaign.id(), LEASE)).as("held").isEmpty();

        abandoned.abandon();

        await().until(() -> recovery().begin(campaign.id(), LEASE), Optional::isPresent);
        assertThatThrownBy(() -> abandoned.resume(campaign.rebuilt(), 0))
                .isInstanceOf(OutlivedException.class);
    }

    @Test
    void aSerialThatIsSeenWhileARebuildIsUnderWayHasToBeAccountedFor() {
        Campaign campaign = published(9);
        recovery().suspend(campaign.id());
        Rebuild rebuild = begin(campaign);
        claim(new Watermark(1, 4), campaign.id(), "ann");

        assertThat(rebuild.resume(campaign.rebuilt(), 2)).isFalse();
        assertThat(rebuild.fence()).isEqualTo(4);
        assertThat(rebuild.resume(campaign.rebuilt(), 4)).isTrue();
        assertThat(won(claim(campaign.id(), "ann").getFirst()).serial()).isEqualTo(5);
    }

    @Test
    void aWinnerWhomTheLedgerContradictsIsForgotten() {
        Campaign campaign = published(4);
        IssuedCoupon ann = won(claim(campaign.id(), "ann").getFirst());
        IssuedCoupon bob = won(claim(campaign.id(), "bob").getFirst());
        IssuedCoupon cid = won(claim(campaign.id(), "cid").getFirst());
        var another =
                new IssuedCoupon(campaign.id(), cid.member(), 2, cid.code(), cid.issuedAt(), 1);
        recovery().suspend(campaign.id());

        Rebuild rebuild = begin(campaign);
        rebuild.drop(List.of());
        rebuild.drop(List.of(ann, another));
        rebuild.restore(List.of(new Winner(bob, false)));
        assertThat(rebuild.resume(campaign.rebuilt(), 3)).isTrue();

        assertThat(claim(campaign.id(), "bob", "cid"))
                .as("only who has this very serial")
                .containsExactly(
                        new ClaimResult.AlreadyIssued(bob), new ClaimResult.AlreadyIssued(cid));
        assertThat(won(claim(campaign.id(), "ann").getFirst()).serial()).isEqualTo(4);
    }

    @Test
    void anOutboxThatIsGoneIsNoProofOfAPublication() {
        Campaign campaign = published(3);
        var batch =
                new ClaimBatch(
                        campaign.id(),
                        Question.CLAIM,
                        List.of(new MemberId("ann")),
                        Confirmed.NOTHING,
                        Watermark.NONE);
        try (Decision decision = stock().decide(batch)) {
            assertThat(decision.published()).isZero();
            drain(campaign.id());
            assertThat(decision.published()).as("it has left the outbox").isEqualTo(1);

            recovery().suspend(campaign.id());
            assertThat(decision.published()).as("suspended").isZero();
            begin(campaign).resume(campaign.rebuilt(), 1);
            assertThat(decision.published()).as("of another epoch").isZero();
        }
        try (Decision decision = stock().decide(batch)) {
            assertThat(decision.published()).isEqualTo(1);
            lose(campaign.id());
            assertThat(decision.published()).as("lost").isZero();
        }
    }

    @Test
    void aRevocationThatWasLostIsRestoredAndOneThatIsThereStays() {
        Campaign campaign = published(3);
        IssuedCoupon ann = won(claim(campaign.id(), "ann").getFirst());
        IssuedCoupon bob = won(claim(campaign.id(), "bob").getFirst());
        participants().revoke(bob);
        recovery().suspend(campaign.id());

        Rebuild rebuild = begin(campaign);
        rebuild.restore(List.of(new Winner(ann, true), new Winner(bob, false)));
        rebuild.resume(campaign.rebuilt(), 2);

        assertThat(claim(campaign.id(), "ann", "bob"))
                .containsExactly(new ClaimResult.Revoked(), new ClaimResult.Revoked());
    }

    @Test
    void aDraftIsNeverSuspended() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 3);
        arming().arm(draft);

        assertThat(recovery().suspend(draft.id())).isFalse();
        arming().change(draft.published());
        assertThat(claim(draft.id(), "ann").getFirst()).isInstanceOf(ClaimResult.Issued.class);
    }

    private @Nullable SoldOut soldOut(CampaignId campaign) {
        return decide(Question.CLAIM, campaign, "somebody").soldOut();
    }

    private SoldOut surelySoldOut(CampaignId campaign) {
        return Objects.requireNonNull(soldOut(campaign));
    }

    @Test
    void theStateInWhichEverybodyLosesHasANameWhichEveryChangeChanges() {
        Campaign campaign = published(2);
        assertThat(decide(Question.CLAIM, campaign.id(), "ann").soldOut()).isNull();
        Decision last = decide(Question.CLAIM, campaign.id(), "bob");
        assertThat(last.soldOut()).as("told by the decision that made it").isNotNull();
        assertThat(last.soldOutFor()).isGreaterThan(SoldOut.LEASE);
        assertThat(soldOut(campaign.id())).isEqualTo(last.soldOut());
        assertThat(decide(Question.FIND, campaign.id(), "bob").soldOut()).isEqualTo(last.soldOut());

        participants().revoke(won(claim(campaign.id(), "bob").getFirst()));
        SoldOut revoked = surelySoldOut(campaign.id());
        assertThat(revoked).isNotEqualTo(last.soldOut());

        Campaign paused = campaign.paused();
        arming().change(paused);
        assertThat(soldOut(campaign.id())).as("paused").isNull();
        arming().change(paused.resumed());
        SoldOut resumed = surelySoldOut(campaign.id());
        assertThat(resumed).isNotEqualTo(revoked);

        recovery().suspend(campaign.id());
        assertThat(soldOut(campaign.id())).as("suspended").isNull();
        begin(campaign).resume(paused.resumed().rebuilt(), 2);
        assertThat(soldOut(campaign.id())).isNotNull().isNotEqualTo(resumed);
    }

    @Test
    void aStateThatTheClockEndsSaysWhen() {
        Instant closesAt = Instant.now().plusSeconds(30);
        Campaign draft =
                Campaign.draft(
                        Campaigns.newId(),
                        new CampaignPlan(
                                "A test",
                                Campaigns.plan(1).coupon(),
                                1,
                                new ClaimWindow(Instant.EPOCH, closesAt),
                                Eligibility.EVERYONE));
        arming().arm(draft);
        arming().change(draft.published());

        assertThat(decide(Question.CLAIM, draft.id(), "ann").soldOutFor())
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
    }

    @Test
    void allWinnersAreReadPageByPageWithWhatBecameOfThem() {
        Campaign campaign = published(300);
        List<String> members = IntStream.range(0, 300).mapToObj(n -> "m" + n).toList();
        List<IssuedCoupon> coupons =
                claim(campaign.id(), members.toArray(String[]::new)).stream()
                        .map(CouponStockContract::won)
                        .toList();
        participants().revoke(coupons.get(7));

        Map<MemberId, Winner> read = new HashMap<>();
        String cursor = "";
        do {
            WinnerPage page = winners().page(campaign.id(), cursor, 10);
            assertThat(page.home()).isEqualTo(surelySoldOut(campaign.id()).home());
            assertThat(page.total()).isEqualTo(300);
            page.winners().forEach(winner -> read.put(winner.coupon().member(), winner));
            cursor = page.cursor();
        } while (!cursor.isEmpty());
        assertThat(read.values())
                .containsExactlyInAnyOrderElementsOf(
                        coupons.stream()
                                .map(coupon -> new Winner(coupon, coupon.equals(coupons.get(7))))
                                .toList());
    }

    @Test
    void winnersOfWhatIsSuspendedOrLostAreNotRead() {
        Campaign campaign = published(1);
        claim(campaign.id(), "ann");
        recovery().suspend(campaign.id());
        assertThatThrownBy(() -> winners().page(campaign.id(), "", 10))
                .isInstanceOf(IssuanceUnavailableException.class);

        lose(campaign.id());
        assertThatThrownBy(() -> winners().page(campaign.id(), "", 10))
                .isInstanceOf(IssuanceUnavailableException.class);
    }
}
