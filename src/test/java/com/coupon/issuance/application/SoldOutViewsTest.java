package com.coupon.issuance.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.Campaigns;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignPlan;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.ClaimWindow;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.SoldOut;
import com.coupon.issuance.memory.InMemoryCouponStock;
import com.coupon.issuance.memory.InMemoryOutbox;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.WinnerReading;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What a node says from memory, on a clock that the test sets. */
class SoldOutViewsTest {

    private static final Duration HALF = SoldOut.LEASE.dividedBy(2);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InMemoryCouponStock redis = new InMemoryCouponStock(() -> now);
    private int asked;
    private Duration answersAfter = Duration.ZERO;
    private @Nullable RuntimeException failure;
    private Nodes.Api node = node(Map.of());

    private Nodes.Api node(Map<String, Object> properties) {
        CouponStock counted =
                new CouponStock() {
                    @Override
                    public Set<CampaignId> unknown(Set<CampaignId> campaigns) {
                        return redis.unknown(campaigns);
                    }

                    @Override
                    public Decision decide(ClaimBatch batch) {
                        asked++;
                        if (failure != null) {
                            throw failure;
                        }
                        Decision decision = redis.decide(batch);
                        pass(answersAfter);
                        return decision;
                    }

                    @Override
                    public boolean isReplicated() {
                        return redis.isReplicated();
                    }
                };
        WinnerReading reading = (campaign, cursor, limit) -> redis.page(campaign, cursor, limit);
        return Nodes.api(
                counted,
                reading,
                redis,
                new InMemoryOutbox(),
                () -> Duration.between(Instant.EPOCH, now).toNanos(),
                new Binder(new MapConfigurationPropertySource(properties))
                        .bindOrCreate("coupon.issuance", IssuanceProperties.class),
                new SimpleMeterRegistry());
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private Campaign open(long quantity) {
        Campaign published = Campaigns.draft(Campaigns.newId(), quantity).published();
        redis.arm(Campaigns.draft(published.id(), quantity));
        redis.change(published);
        return published;
    }

    /** Takes all there is, the first member first, and has the node remember that. */
    private CampaignId soldOut(int quantity) throws InterruptedException {
        CampaignId campaign = open(quantity).id();
        IntStream.rangeClosed(1, quantity).forEach(number -> claim(campaign, "winner-" + number));
        remember(campaign);
        return campaign;
    }

    private void remember(CampaignId campaign) throws InterruptedException {
        claim(campaign, "somebody"); // tells that it is sold out
        assertThat(node.soldOut().step(Duration.ZERO)).isTrue();
        claim(campaign, "somebody"); // tells that it is still so
        asked = 0;
    }

    private ClaimResult claim(CampaignId campaign, String member) {
        return answer(node.dispatcher().claim(campaign, new MemberId(member)));
    }

    private ClaimResult find(CampaignId campaign, String member) {
        return answer(node.dispatcher().find(campaign, new MemberId(member)));
    }

    private ClaimResult answer(CompletableFuture<ClaimResult> answer) {
        try {
            for (int lane = 0; lane < 2; lane++) {
                node.dispatcher().step(lane, Duration.ZERO);
            }
            node.gate().step(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Objects.requireNonNull(answer.getNow(null), "an answer");
    }

    private static IssuedCoupon coupon(ClaimResult result) {
        return switch (result) {
            case ClaimResult.Issued(var coupon) -> coupon;
            case ClaimResult.AlreadyIssued(var coupon) -> coupon;
            default -> throw new AssertionError("No coupon in " + result);
        };
    }

    @Test
    void losersAndWinnersAreAnsweredAsRedisWouldWithoutAskingIt() throws InterruptedException {
        CampaignId campaign = open(2).id();
        IssuedCoupon ann = coupon(claim(campaign, "ann"));
        IssuedCoupon bob = coupon(claim(campaign, "bob"));
        redis.revoke(bob);
        remember(campaign);

        assertThat(claim(campaign, "cid")).isEqualTo(new ClaimResult.SoldOut());
        assertThat(claim(campaign, "ann")).isEqualTo(new ClaimResult.AlreadyIssued(ann));
        assertThat(claim(campaign, "bob")).isEqualTo(new ClaimResult.Revoked());
        assertThat(find(campaign, "cid")).isEqualTo(new ClaimResult.NoClaim());
        assertThat(find(campaign, "ann")).isEqualTo(new ClaimResult.AlreadyIssued(ann));
        assertThat(asked).isZero();
    }

    @Test
    void redisIsAskedAsLongAsTheWinnersAreNotRead() throws InterruptedException {
        CampaignId campaign = open(1).id();
        claim(campaign, "ann");
        claim(campaign, "bob");
        claim(campaign, "bob");
        assertThat(asked).isEqualTo(3);

        node.soldOut().step(Duration.ZERO);
        claim(campaign, "bob");
        assertThat(asked).as("what was read is not in force before it is confirmed").isEqualTo(4);
        claim(campaign, "bob");
        assertThat(asked).isEqualTo(4);
    }

    @Test
    void oneClaimRenewsTheLeaseForAll() throws InterruptedException {
        CampaignId campaign = soldOut(1);
        for (int i = 0; i < 10; i++) {
            pass(HALF);
            for (int member = 0; member < 100; member++) {
                claim(campaign, "m" + member);
            }
        }
        assertThat(asked).isEqualTo(10);
    }

    @Test
    void aLeaseThatIsNotRenewedEnds() throws InterruptedException {
        CampaignId campaign = soldOut(1);
        pass(HALF);
        failure = new IssuanceUnavailableException(Reason.UNKNOWN);
        assertThat(claim(campaign, "bob")).isEqualTo(new ClaimResult.Unavailable());
        assertThat(claim(campaign, "cid")).isEqualTo(new ClaimResult.SoldOut());

        pass(HALF);
        assertThat(claim(campaign, "cid"))
                .as("nothing is inferred from a server that does not answer")
                .isEqualTo(new ClaimResult.Unavailable());
    }

    @Test
    void aLeaseRunsFromTheQuestionAndNotFromTheAnswer() throws InterruptedException {
        CampaignId campaign = soldOut(1);
        pass(SoldOut.LEASE);
        answersAfter = HALF;
        claim(campaign, "bob"); // and with the answer, half of the lease it gave is over
        answersAfter = Duration.ZERO;
        asked = 0;

        claim(campaign, "bob");
        assertThat(asked).as("renewals").isEqualTo(1);
    }

    @Test
    void whateverChangesEndsWhatIsRemembered() throws InterruptedException {
        CampaignId campaign = soldOut(1);
        Campaign sold = redis.see(campaign).orElseThrow().campaign();
        redis.change(sold.paused());
        pass(HALF);

        assertThat(claim(campaign, "bob")).isEqualTo(new ClaimResult.Paused());
        assertThat(claim(campaign, "cid")).isEqualTo(new ClaimResult.Paused());
        assertThat(claim(campaign, "winner-1")).isInstanceOf(ClaimResult.AlreadyIssued.class);
    }

    @Test
    void stockThatComesBackIsGivenToWhoeverAsksNext() throws InterruptedException {
        CampaignId campaign = soldOut(1);
        Campaign more = redis.see(campaign).orElseThrow().campaign().adjusted(1);
        Duration pause = redis.announceChange(more);
        assertThat(pause).isGreaterThan(SoldOut.LEASE);
        assertThat(claim(campaign, "bob")).isEqualTo(new ClaimResult.SoldOut());

        pass(HALF);
        claim(campaign, "cid"); // would renew, and may not
        pass(pause.minus(HALF));
        assertThat(redis.announceChange(more)).isZero();
        redis.change(more);
        assertThat(claim(campaign, "bob")).isInstanceOf(ClaimResult.Issued.class);
    }

    @Test
    void anAnnouncementThatCameToNothingIsForgotten() throws InterruptedException {
        CampaignId campaign = soldOut(1);
        redis.announceChange(redis.see(campaign).orElseThrow().campaign().adjusted(1));
        pass(Duration.ofSeconds(2));
        claim(campaign, "bob");
        asked = 0;

        assertThat(claim(campaign, "cid")).isEqualTo(new ClaimResult.SoldOut());
        assertThat(asked).isZero();
    }

    @Test
    void nobodyIsToldFromMemoryThatACampaignIsSoldOutWhichHasClosed() throws InterruptedException {
        Campaign draft =
                Campaign.draft(
                        Campaigns.newId(),
                        new CampaignPlan(
                                "A test",
                                Campaigns.plan(1).coupon(),
                                1,
                                new ClaimWindow(Instant.EPOCH, now.plusMillis(50)),
                                Campaigns.plan(1).eligibility()));
        redis.arm(draft);
        redis.change(draft.published());
        claim(draft.id(), "ann");
        remember(draft.id());
        assertThat(claim(draft.id(), "bob")).isEqualTo(new ClaimResult.SoldOut());

        pass(Duration.ofMillis(50));
        assertThat(claim(draft.id(), "bob")).isEqualTo(new ClaimResult.Closed());
    }

    @Test
    void whatIsNotConfirmedIsNotRemembered() throws InterruptedException {
        redis.replicateBy(budget -> false);
        node = node(Map.of());
        CampaignId campaign = open(1).id();
        claim(campaign, "ann");
        assertThat(claim(campaign, "bob")).isEqualTo(new ClaimResult.Unavailable());
        assertThat(node.soldOut().step(Duration.ZERO)).isFalse();

        redis.replicateBy(budget -> true);
        claim(campaign, "bob");
        remember(campaign);
        assertThat(claim(campaign, "bob")).isEqualTo(new ClaimResult.SoldOut());
        assertThat(asked).isZero();
    }

    @Test
    void anotherServerIsAnotherState() throws InterruptedException {
        CampaignId campaign = soldOut(1);
        redis.moveTo("another");
        pass(HALF);

        assertThat(claim(campaign, "bob")).isEqualTo(new ClaimResult.Recovering());
        assertThat(claim(campaign, "cid"))
                .as("the first who heard of it has spoken for all")
                .isEqualTo(new ClaimResult.Recovering());
    }

    @Test
    void winnersOfWhomThereAreTooManyAreLookedUpInRedis() throws InterruptedException {
        node = node(Map.of("coupon.issuance.sold-out.winners", 2));
        CampaignId campaign = soldOut(3);

        for (int i = 0; i < 1_000; i++) {
            assertThat(claim(campaign, "loser-" + i)).isEqualTo(new ClaimResult.SoldOut());
        }
        assertThat(asked).isZero();
        assertThat(claim(campaign, "winner-3")).isInstanceOf(ClaimResult.AlreadyIssued.class);
        assertThat(find(campaign, "winner-3")).isInstanceOf(ClaimResult.AlreadyIssued.class);
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void whereNotEvenTheirFingerprintsFitRedisIsAsked() throws InterruptedException {
        node =
                node(
                        Map.of(
                                "coupon.issuance.sold-out.winners", 2,
                                "coupon.issuance.sold-out.fingerprints", 2));
        CampaignId campaign = soldOut(3);

        assertThat(claim(campaign, "bob")).isEqualTo(new ClaimResult.SoldOut());
        assertThat(asked).isEqualTo(1);
        assertThat(node.soldOut().step(Duration.ZERO)).as("to be read again").isFalse();
    }

    @Test
    void aCampaignThatNobodyAsksForMakesRoom() throws InterruptedException {
        node =
                node(
                        Map.of(
                                "coupon.issuance.sold-out.winners", 2,
                                "coupon.issuance.sold-out.fingerprints", 0));
        soldOut(2);
        pass(Duration.ofSeconds(2));
        CampaignId campaign = soldOut(2);

        assertThat(claim(campaign, "bob")).isEqualTo(new ClaimResult.SoldOut());
        assertThat(asked).isZero();
    }

    @Test
    void winnersThatAreNotAllThereAreNotRemembered() throws InterruptedException {
        CampaignId campaign = open(3).id();
        WinnerReading lossy =
                (id, cursor, limit) -> {
                    var page = redis.page(id, cursor, limit);
                    return new WinnerReading.WinnerPage(
                            page.home(), page.total() + 1, page.winners(), page.cursor());
                };
        node =
                Nodes.api(
                        redis,
                        lossy,
                        redis,
                        new InMemoryOutbox(),
                        () -> Duration.between(Instant.EPOCH, now).toNanos(),
                        new Binder(new MapConfigurationPropertySource(Map.of()))
                                .bindOrCreate("coupon.issuance", IssuanceProperties.class),
                        new SimpleMeterRegistry());
        IntStream.rangeClosed(1, 3).forEach(number -> claim(campaign, "winner-" + number));
        claim(campaign, "bob");

        assertThatThrownBy(() -> node.soldOut().step(Duration.ZERO))
                .isInstanceOf(IssuanceUnavailableException.class);
    }
}
