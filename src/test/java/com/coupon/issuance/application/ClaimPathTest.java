package com.coupon.issuance.application;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Campaigns;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.AllowList;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.domain.SoldOut;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.memory.InMemoryAnswers;
import com.coupon.issuance.memory.InMemoryCouponStock;
import com.coupon.issuance.memory.InMemoryOutbox;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The steps of the claim path, taken one by one on ports in memory. */
class ClaimPathTest {

    private final AtomicLong nanos = new AtomicLong();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final InMemoryCouponStock stock = new InMemoryCouponStock(InstantSource.system());
    private final InMemoryOutbox outbox = new InMemoryOutbox();
    private final List<ClaimBatch> batches = new ArrayList<>();
    private final List<Set<CampaignId>> looks = new ArrayList<>();
    private @Nullable RuntimeException failure;

    /** One node, put together as Spring would. */
    private final class Node {

        final AcknowledgementGate gate;
        final SoldOutViews soldOut;
        final OutboxRelay relay;
        final ClaimDispatcher dispatcher;

        Node(Map<String, String> properties) {
            var issuance =
                    new Binder(new MapConfigurationPropertySource(properties))
                            .bindOrCreate("coupon.issuance", IssuanceProperties.class);
            var answers =
                    new ClaimAnswers(
                            meters,
                            nanos::get,
                            new AnswerCounting(new InMemoryAnswers(), issuance, meters));
            CouponStock watched = new WatchedStock();
            gate = new AcknowledgementGate(issuance, watched, answers, nanos::get, meters);
            soldOut = new SoldOutViews(stock, nanos::get, issuance, meters);
            relay = new OutboxRelay(outbox, outbox, issuance, meters);
            dispatcher =
                    new ClaimDispatcher(
                            watched, gate, soldOut, relay, answers, nanos::get, issuance, meters);
        }

        CompletableFuture<ClaimResult> claim(CampaignId campaign, String member) {
            return dispatcher.claim(campaign, new MemberId(member));
        }

        boolean decide() throws InterruptedException {
            return dispatcher.step(0, Duration.ZERO);
        }
    }

    private final class WatchedStock implements CouponStock {

        @Override
        public boolean isReplicated() {
            return stock.isReplicated();
        }

        @Override
        public Set<CampaignId> unknown(Set<CampaignId> campaigns) {
            looks.add(campaigns);
            if (failure != null) {
                throw failure;
            }
            return stock.unknown(campaigns);
        }

        @Override
        public Decision decide(ClaimBatch batch) {
            if (failure != null) {
                throw failure;
            }
            batches.add(batch);
            Decision decision = stock.decide(batch);
            decision.outbox().forEach(outbox::write);
            return decision;
        }
    }

    private CampaignId open(long quantity) {
        Campaign draft = Campaigns.draft(Campaigns.newId(), quantity);
        stock.arm(draft);
        stock.change(draft.published());
        return draft.id();
    }

    private static Map<String, String> oneLane() {
        return Map.of("coupon.issuance.claims.lanes", "1");
    }

    /** One winner, the one whose serial it is after. */
    private record Decided(IssuedCoupon coupon, AtomicLong inKafka, Runnable confirming)
            implements CouponStock.Decision {

        @Override
        public List<ClaimResult> results() {
            return List.of(new ClaimResult.Issued(coupon));
        }

        @Override
        public List<OutboxEntry> outbox() {
            return List.of();
        }

        @Override
        public Watermark watermark() {
            return new Watermark(1, coupon.serial());
        }

        @Override
        public @Nullable SoldOut soldOut() {
            return null;
        }

        @Override
        public Duration soldOutFor() {
            return Duration.ZERO;
        }

        @Override
        public long cut() {
            return 0;
        }

        @Override
        public String home() {
            return "home";
        }

        @Override
        public boolean confirm(Duration budget) {
            confirming.run();
            return true;
        }

        @Override
        public long published() {
            return inKafka.get();
        }

        @Override
        public void close() {}
    }

    private PendingClaim release(
            Node node, CampaignId campaign, long serial, AtomicLong published, Runnable confirm) {
        var member = new MemberId("m" + serial);
        var claim =
                new PendingClaim(
                        campaign,
                        member,
                        ClaimBatch.Question.CLAIM,
                        nanos.get(),
                        new CompletableFuture<>());
        var code = new CouponCode("0123456789abcdef0123");
        var coupon = new IssuedCoupon(campaign, member, serial, code, Instant.EPOCH, 1);
        node.gate.release(
                campaign,
                Confirmed.NOTHING,
                new Decided(coupon, published, confirm),
                List.of(claim));
        return claim;
    }

    @Test
    void theLaterOfTwoDecisionsStandsForBothAlsoWhenItComesBackLastFromItsWait() throws Exception {
        Node node = new Node(Map.of("coupon.issuance.acknowledge-after", "publication"));
        CampaignId campaign = Campaigns.newId();
        var published = new AtomicLong();
        var bothAreAwaited = new CountDownLatch(1);
        var theFirstIsBack = new CountDownLatch(1);
        var claims = new ConcurrentLinkedQueue<PendingClaim>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var another = new AtomicReference<Future<Boolean>>();
            Runnable second =
                    () -> {
                        bothAreAwaited.countDown();
                        await(theFirstIsBack);
                    };
            Runnable first =
                    () -> {
                        if (claims.size() == 1) {
                            claims.add(release(node, campaign, 2, published, second));
                            another.set(threads.submit(() -> node.gate.step(Duration.ZERO)));
                            await(bothAreAwaited);
                        }
                    };
            claims.add(release(node, campaign, 1, published, first));
            node.gate.step(Duration.ZERO);
            theFirstIsBack.countDown();
            another.get().get(10, TimeUnit.SECONDS);
        }
        assertThat(claims).noneSatisfy(claim -> assertThat(claim.answer()).isDone());

        published.set(2);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(5));
        node.gate.step(Duration.ZERO);

        assertThat(claims)
                .hasSize(2)
                .allSatisfy(claim ->
                        assertThat(claim.answer())
                                .isCompletedWithValueMatching(
                                        ClaimResult.Issued.class::isInstance));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void claimsThatWaitTogetherRideInOneBatch() throws InterruptedException {
        Node node = new Node(oneLane());
        CampaignId campaign = open(2);
        var ann = node.claim(campaign, "ann");
        var bob = node.claim(campaign, "bob");
        var cid = node.claim(campaign, "cid");
        assertThat(ann).isNotDone();

        assertThat(node.decide()).isTrue();

        assertThat(batches)
                .singleElement()
                .satisfies(batch -> assertThat(batch.members()).hasSize(3));
        assertThat(ann.join()).isInstanceOf(ClaimResult.Issued.class);
        assertThat(bob.join()).isInstanceOf(ClaimResult.Issued.class);
        assertThat(cid.join()).isEqualTo(new ClaimResult.SoldOut());
        assertThat(node.decide()).isFalse();
    }

    @Test
    void aBatchIsNeverLargerThanItMayBe() throws InterruptedException {
        Node node =
                new Node(
                        Map.of(
                                "coupon.issuance.claims.lanes",
                                "1",
                                "coupon.issuance.claims.batch-size",
                                "2"));
        CampaignId campaign = open(5);
        for (int i = 0; i < 5; i++) {
            var _ = node.claim(campaign, "m" + i);
        }
        while (node.decide()) {}

        assertThat(batches).extracting(batch -> batch.members().size()).containsExactly(2, 2, 1);
    }

    @Test
    void campaignsAndQuestionsAreNotMixed() throws InterruptedException {
        Node node = new Node(oneLane());
        CampaignId one = open(1);
        CampaignId other = open(1);
        var first = node.claim(one, "ann");
        var second = node.claim(other, "ann");
        var question = node.dispatcher.find(one, new MemberId("bob"));
        node.decide();

        assertThat(batches).hasSize(3);
        assertThat(first.join()).isInstanceOf(ClaimResult.Issued.class);
        assertThat(second.join()).isInstanceOf(ClaimResult.Issued.class);
        assertThat(question.join()).isEqualTo(new ClaimResult.NoClaim());
    }

    @Test
    void campaignsThatSomebodyMakesUpCostOneLook() throws InterruptedException {
        Node node = new Node(oneLane());
        CampaignId known = open(1);
        stock.announce(List.of(known));
        var winner = node.claim(known, "ann");
        List<CompletableFuture<ClaimResult>> madeUp =
                IntStream.range(0, 100)
                        .mapToObj(i -> node.claim(Campaigns.newId(), "ann"))
                        .toList();
        node.decide();

        assertThat(looks).hasSize(1);
        assertThat(batches).extracting(ClaimBatch::campaign).containsExactly(known);
        assertThat(winner.join()).isInstanceOf(ClaimResult.Issued.class);
        assertThat(madeUp)
                .allSatisfy(claim ->
                        assertThat(claim.join()).isEqualTo(new ClaimResult.UnknownCampaign()));

        var again = node.claim(known, "ann");
        node.decide();
        assertThat(looks).as("what was seen is not looked up again").hasSize(1);
        assertThat(again.join()).isInstanceOf(ClaimResult.AlreadyIssued.class);
    }

    @Test
    void aClaimThatFindsTheQueueFullIsRefusedAtOnce() {
        Node node =
                new Node(
                        Map.of(
                                "coupon.issuance.claims.lanes",
                                "1",
                                "coupon.issuance.claims.queue-capacity",
                                "1"));
        CampaignId campaign = open(5);
        var _ = node.claim(campaign, "ann");

        assertThat(node.claim(campaign, "bob").join()).isEqualTo(new ClaimResult.Overloaded());
    }

    @Test
    void aClaimThatWaitedTooLongIsRefusedUndecided() throws InterruptedException {
        Node node = new Node(oneLane());
        CampaignId campaign = open(5);
        var late = node.claim(campaign, "ann");
        nanos.addAndGet(Duration.ofMillis(1_001).toNanos());
        var fresh = node.claim(campaign, "bob");
        node.decide();

        assertThat(late.join()).isEqualTo(new ClaimResult.Overloaded());
        assertThat(fresh.join()).isInstanceOf(ClaimResult.Issued.class);
        assertThat(batches)
                .singleElement()
                .satisfies(batch -> assertThat(batch.members()).hasSize(1));
    }

    @Test
    void whenRedisDoesNotAnswerNobodyIsToldNo() throws InterruptedException {
        Node node = new Node(oneLane());
        CampaignId campaign = open(5);
        failure = new IssuanceUnavailableException(Reason.UNKNOWN);
        var unknown = node.claim(campaign, "ann");
        node.decide();
        failure = new IssuanceUnavailableException(Reason.RECOVERING);
        var recovering = node.claim(campaign, "ann");
        node.decide();

        assertThat(unknown.join()).isEqualTo(new ClaimResult.Unavailable());
        assertThat(recovering.join()).isEqualTo(new ClaimResult.Recovering());
    }

    @Test
    void aDefectLeavesNobodyWaiting() throws InterruptedException {
        Node node = new Node(oneLane());
        CampaignId campaign = open(5);
        var claim = node.claim(campaign, "ann");
        failure = new IllegalStateException("a defect");

        node.decide();
        assertThat(claim.join()).isEqualTo(new ClaimResult.Unavailable());
    }

    @Test
    void aWinnerIsToldOnlyOnceTheReplicasHaveIt() throws InterruptedException {
        stock.replicateBy(budget -> true);
        Node node = new Node(oneLane());
        CampaignId campaign = open(1);
        var ann = node.claim(campaign, "ann");
        node.decide();
        assertThat(ann).isNotDone();

        assertThat(node.gate.step(Duration.ZERO)).isTrue();

        assertThat(ann.join()).isInstanceOf(ClaimResult.Issued.class);
    }

    @Test
    void refusalsThatRestOnNothingAreNotHeldBack() throws InterruptedException {
        stock.replicateBy(budget -> false);
        Node node = new Node(oneLane());
        CampaignId campaign = open(1);
        var nobody = node.dispatcher.find(campaign, new MemberId("bob"));
        node.decide();

        assertThat(nobody.join()).isEqualTo(new ClaimResult.NoClaim());
    }

    @Test
    void whatIsNotConfirmedIsPendingForAWinnerAndUnavailableForALoser()
            throws InterruptedException {
        stock.replicateBy(budget -> false);
        Node node = new Node(oneLane());
        CampaignId campaign = open(1);
        var winner = node.claim(campaign, "ann");
        var loser = node.claim(campaign, "bob");
        node.decide();
        node.gate.step(Duration.ZERO);

        assertThat(winner.join()).isEqualTo(new ClaimResult.Pending());
        assertThat(loser.join()).isEqualTo(new ClaimResult.Unavailable());
    }

    @Test
    void whatWasConfirmedOnceNeedsNoGateAgain() throws InterruptedException {
        stock.replicateBy(budget -> true);
        Node node = new Node(oneLane());
        CampaignId campaign = open(1);
        var _ = node.claim(campaign, "ann");
        node.decide();
        node.gate.step(Duration.ZERO);

        var again = node.claim(campaign, "ann");
        var loser = node.claim(campaign, "bob");
        node.decide();

        assertThat(again.join()).isInstanceOf(ClaimResult.AlreadyIssued.class);
        assertThat(loser.join()).isEqualTo(new ClaimResult.SoldOut());
        assertThat(batches.getLast().confirmed()).isEqualTo(new Confirmed("first/1", 1));
    }

    @Test
    void decisionsThatWaitTogetherAreConfirmedByOneWait() throws InterruptedException {
        var waits = new AtomicInteger();
        stock.replicateBy(budget -> waits.incrementAndGet() > 0);
        Node node = new Node(oneLane());
        CampaignId campaign = open(2);
        var ann = node.claim(campaign, "ann");
        node.decide();
        var bob = node.claim(campaign, "bob");
        node.decide();
        node.gate.step(Duration.ZERO);

        assertThat(ann.join()).isInstanceOf(ClaimResult.Issued.class);
        assertThat(bob.join()).isInstanceOf(ClaimResult.Issued.class);
        assertThat(waits).hasValue(1);
        assertThat(node.gate.step(Duration.ZERO)).isFalse();
    }

    @Test
    void whatOneServerConfirmsSaysNothingOfWhatAnotherDecided() throws InterruptedException {
        stock.replicateBy(budget -> false);
        Node node = new Node(oneLane());
        CampaignId campaign = open(2);
        var before = node.claim(campaign, "ann");
        node.decide();
        stock.moveTo("second");
        rebuild(campaign, 2, 1);
        var after = node.claim(campaign, "bob");
        node.decide();
        node.gate.step(Duration.ZERO);
        assertThat(before.join()).isEqualTo(new ClaimResult.Pending());
        assertThat(after).isNotDone();

        stock.replicateBy(budget -> true);
        node.gate.step(Duration.ZERO);
        assertThat(after.join()).isInstanceOf(ClaimResult.Issued.class);

        stock.replicateBy(budget -> false);
        stock.moveTo("third");
        rebuild(campaign, 3, 2);
        var again = node.claim(campaign, "bob");
        node.decide();
        assertThat(again.join())
                .as("what is in the ledger is safe")
                .isInstanceOf(ClaimResult.AlreadyIssued.class);
    }

    /**
     * Does what a rebuild does.
     *
     * @param cut up to which serial everything is in the ledger
     */
    private void rebuild(CampaignId campaign, long epoch, long cut) {
        stock.suspend(campaign);
        stock.begin(campaign, Duration.ofSeconds(1))
                .orElseThrow()
                .resume(
                        new Campaign(
                                campaign,
                                Campaigns.plan(3),
                                0,
                                CampaignState.PUBLISHED,
                                AllowList.NONE,
                                null,
                                2,
                                epoch,
                                true),
                        cut);
    }

    @Test
    void aNodeTellsTheServerHowFarItHasSeenTheCampaign() throws InterruptedException {
        Node node = new Node(oneLane());
        CampaignId campaign = open(3);
        var before = stock.snapshot();
        var _ = node.claim(campaign, "ann");
        node.decide();
        stock.moveTo("first", before);
        var behind = node.claim(campaign, "bob");
        node.decide();

        assertThat(behind.join()).isEqualTo(new ClaimResult.Recovering());
        assertThat(stock.begin(campaign, Duration.ofSeconds(1)).orElseThrow().fence()).isEqualTo(1);
    }

    private static Map<String, String> awaitingPublication() {
        return Map.of(
                "coupon.issuance.claims.lanes",
                "1",
                "coupon.issuance.acknowledge-after",
                "publication");
    }

    @Test
    void whereKafkaIsAwaitedAWinnerIsToldOnceItHasHisCoupon() throws InterruptedException {
        stock.replicateBy(budget -> true);
        Node node = new Node(awaitingPublication());
        CampaignId campaign = open(1);
        var ann = node.claim(campaign, "ann");
        var bob = node.claim(campaign, "bob");
        node.decide();
        assertThat(node.gate.step(Duration.ZERO)).isTrue();
        assertThat(ann).isNotDone();
        assertThat(bob).as("who loses for good has to wait, too").isNotDone();
        assertThat(node.gate.step(Duration.ZERO)).as("not at once again").isFalse();

        stock.removePublished(campaign, stock.outbox(campaign));
        nanos.addAndGet(Duration.ofMillis(5).toNanos());
        assertThat(node.gate.step(Duration.ZERO)).isTrue();

        assertThat(ann.join()).isInstanceOf(ClaimResult.Issued.class);
        assertThat(bob.join()).isEqualTo(new ClaimResult.SoldOut());
        assertThat(
                        meters.get("coupon.claims.gate")
                                .tag("outcome", "confirmed")
                                .timer()
                                .max(TimeUnit.MILLISECONDS))
                .isEqualTo(5);
    }

    @Test
    void whereKafkaIsAwaitedInVainNothingIsPromised() throws InterruptedException {
        Node node = new Node(awaitingPublication());
        CampaignId campaign = open(1);
        var ann = node.claim(campaign, "ann");
        var bob = node.claim(campaign, "bob");
        node.decide();
        node.gate.step(Duration.ZERO);
        nanos.addAndGet(Duration.ofMillis(500).toNanos());
        node.gate.step(Duration.ZERO);

        assertThat(ann.join()).isEqualTo(new ClaimResult.Pending());
        assertThat(bob.join()).isEqualTo(new ClaimResult.Unavailable());
        assertThat(node.gate.step(Duration.ZERO)).isFalse();
    }

    @Test
    void aGateThatIsBusyMakesWinnersPendingAndNobodyWait() throws InterruptedException {
        stock.replicateBy(budget -> true);
        Node node =
                new Node(
                        Map.of(
                                "coupon.issuance.claims.lanes",
                                "1",
                                "coupon.issuance.gate.threads",
                                "1"));
        var _ = node.claim(open(1), "ann");
        node.decide();
        var second = node.claim(open(1), "ann");
        node.decide();

        assertThat(second.join()).isEqualTo(new ClaimResult.Pending());
    }

    @Test
    void theGateMayBeOpened() throws InterruptedException {
        stock.replicateBy(budget -> false);
        Node node =
                new Node(
                        Map.of(
                                "coupon.issuance.claims.lanes",
                                "1",
                                "coupon.issuance.acknowledge-after",
                                "decision"));
        var ann = node.claim(open(1), "ann");
        node.decide();

        assertThat(ann.join()).isInstanceOf(ClaimResult.Issued.class);
    }

    @Test
    void whatIsDecidedIsPublishedAndLeavesTheOutbox() throws InterruptedException {
        Node node = new Node(oneLane());
        CampaignId campaign = open(2);
        var _ = node.claim(campaign, "ann");
        var _ = node.claim(campaign, "bob");
        node.decide();
        assertThat(outbox.entries()).hasSize(2);

        assertThat(node.relay.step(Duration.ZERO)).isTrue();

        assertThat(outbox.published())
                .extracting(entry -> entry.coupon().serial())
                .containsExactly(1L, 2L);
        assertThat(outbox.entries()).isEmpty();
        assertThat(node.relay.step(Duration.ZERO)).isFalse();
    }

    @Test
    void whatTheTopicDoesNotTakeStaysAndIsSweptLater() throws InterruptedException {
        Node node = new Node(oneLane());
        CampaignId campaign = open(2);
        outbox.acknowledgeAtMost(0);
        var _ = node.claim(campaign, "ann");
        var _ = node.claim(campaign, "bob");
        node.decide();
        node.relay.step(Duration.ZERO);
        node.relay.sweep();
        assertThat(outbox.entries()).hasSize(2);

        outbox.acknowledgeAtMost(Integer.MAX_VALUE);
        node.relay.sweep();

        assertThat(outbox.entries()).isEmpty();
        assertThat(outbox.published())
                .extracting(entry -> entry.coupon().serial())
                .containsExactly(1L, 2L);
    }

    @Test
    void whatADeadNodeLeftBehindIsSweptByAnother() throws InterruptedException {
        Node dead = new Node(oneLane());
        var _ = dead.claim(open(1), "ann");
        dead.decide();

        new Node(oneLane()).relay.sweep();

        assertThat(outbox.published()).hasSize(1);
        assertThat(outbox.entries()).isEmpty();
    }

    @Test
    void aSweepGoesThroughAllPages() throws InterruptedException {
        Node node =
                new Node(
                        Map.of(
                                "coupon.issuance.claims.lanes",
                                "1",
                                "coupon.issuance.relay.batch-size",
                                "2"));
        CampaignId campaign = open(5);
        for (int i = 0; i < 5; i++) {
            var _ = node.claim(campaign, "m" + i);
        }
        node.decide();
        node.relay.sweep();

        assertThat(outbox.entries()).isEmpty();
    }

    @Test
    void aCampaignThatAnotherNodeSweepsIsLeftToIt() throws InterruptedException {
        Node node = new Node(oneLane());
        CampaignId campaign = open(1);
        var _ = node.claim(campaign, "ann");
        node.decide();
        outbox.leaseToAnother(campaign);
        node.relay.sweep();

        assertThat(outbox.published()).isEmpty();
    }

    @Test
    void whatTheRelayCannotHoldIsLeftInTheOutbox() throws InterruptedException {
        Node node =
                new Node(
                        Map.of(
                                "coupon.issuance.claims.lanes",
                                "1",
                                "coupon.issuance.relay.queue-capacity",
                                "1"));
        CampaignId campaign = open(2);
        var _ = node.claim(campaign, "ann");
        var _ = node.claim(campaign, "bob");
        node.decide();
        node.relay.step(Duration.ZERO);

        assertThat(outbox.entries())
                .extracting(entry -> entry.coupon().serial())
                .containsExactly(2L);
    }

    @Test
    void everyOutcomeIsCounted() throws InterruptedException {
        Node node = new Node(oneLane());
        CampaignId campaign = open(1);
        var _ = node.claim(campaign, "ann");
        var _ = node.claim(campaign, "bob");
        node.decide();

        assertThat(meters.get("coupon.claims").tag("outcome", "issued").timer().count())
                .isEqualTo(1);
        assertThat(meters.get("coupon.claims").tag("outcome", "sold-out").timer().count())
                .isEqualTo(1);
    }
}
