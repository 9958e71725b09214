package com.coupon.issuance.adapter.out.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.AllowList;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignPlan;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.Eligibility;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.domain.Winner;
import com.coupon.issuance.port.out.CampaignRecovery.OutlivedException;
import com.coupon.issuance.port.out.CampaignRecovery.Rebuild;
import com.coupon.issuance.port.out.CouponStock.Decision;
import com.coupon.servers.RunningServers;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.XAddParams;

/** What the scripts of a rebuild do to whatever they find, on a real server. */
class RebuildScriptsIT {

    private static final Duration SHORT = Duration.ofSeconds(10);

    private final RedisAdapters redis = RedisAdapters.standalone(RunningServers.get().redis(), 0);
    private final Jedis jedis = new Jedis(HostAndPort.from(RunningServers.get().redis()));

    @AfterEach
    void close() {
        redis.close();
        jedis.close();
    }

    private Campaign open(long quantity) {
        return open(Campaigns.draft(Campaigns.newId(), quantity));
    }

    private Campaign open(Campaign draft) {
        redis.arming.arm(draft);
        // so that no sweep and no rebuild of a running process touches it
        jedis.srem(CampaignKeys.CAMPAIGNS, draft.id().value());
        redis.arming.change(draft.published());
        return draft.published();
    }

    private List<ClaimResult> claim(Campaign campaign, String... members) {
        try (var decision = decide(campaign, members)) {
            return decision.results();
        }
    }

    private Decision decide(Campaign campaign, String... members) {
        return redis.stock.decide(
                new ClaimBatch(
                        campaign.id(),
                        Question.CLAIM,
                        Stream.of(members).map(MemberId::new).toList(),
                        Confirmed.EVERYTHING,
                        new Watermark(1, 0)));
    }

    private static IssuedCoupon won(ClaimResult result) {
        return result instanceof ClaimResult.Issued(var coupon)
                ? coupon
                : ((ClaimResult.AlreadyIssued) result).coupon();
    }

    private Rebuild begin(Campaign campaign) {
        return redis.recovery.begin(campaign.id(), Duration.ofSeconds(10)).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void whateverHoldsSomethingElseIsMadeAnew(int index) {
        Campaign campaign = open(3);
        IssuedCoupon ann = won(claim(campaign, "ann").getFirst());
        String key = CampaignKeys.of(campaign.id()).all().get(index);
        jedis.del(key);
        jedis.lpush(key, "nothing of ours");
        redis.recovery.suspend(withoutDamage(campaign, index).id());

        Rebuild rebuild = begin(campaign);
        rebuild.left("", 10);
        rebuild.restore(List.of(new Winner(ann, false)));
        assertThat(rebuild.resume(campaign.rebuilt(), 1)).isTrue();

        assertThat(claim(campaign, "ann").getFirst()).isEqualTo(new ClaimResult.AlreadyIssued(ann));
        assertThat(claim(campaign, "bob", "cid", "dan"))
                .last()
                .isEqualTo(new ClaimResult.SoldOut());
        assertThat(redis.outbox.waiting(campaign.id(), "", Duration.ZERO, 10))
                .extracting(entry -> entry.coupon().serial())
                .contains(2L, 3L);
    }

    /** A hash that is none is removed by whoever claims. */
    private Campaign withoutDamage(Campaign campaign, int index) {
        if (index == 0) {
            claim(campaign, "ann");
        }
        return campaign;
    }

    @Test
    void aRecordThatCannotBeReadIsReplacedByTheLedgersAndOneThatItDoesNotKnowIsDropped() {
        Campaign campaign = open(3);
        IssuedCoupon ann = won(claim(campaign, "ann").getFirst());
        String participants = CampaignKeys.of(campaign.id()).participants();
        jedis.hset(participants, Map.of("ann", "1:short", "eve", "9:zz:1:1:ISSUED"));
        assertThat(claim(campaign, "eve")).containsExactly(new ClaimResult.Recovering());

        Rebuild rebuild = begin(campaign);
        assertThat(rebuild.left("", 10).coupons()).isEmpty();
        rebuild.restore(List.of(new Winner(ann, false)));
        assertThat(rebuild.resume(campaign.rebuilt(), 1)).isTrue();

        assertThat(claim(campaign, "ann").getFirst()).isEqualTo(new ClaimResult.AlreadyIssued(ann));
        assertThat(won(claim(campaign, "eve").getFirst()).serial()).isEqualTo(2);
    }

    @Test
    void aRebuildThatWasOutlivedDoesNotGoOnWhereTheCampaignIsSuspendedOnceMore() {
        Campaign campaign = open(3);
        won(claim(campaign, "ann").getFirst());
        redis.recovery.suspend(campaign.id());
        Rebuild stalled = redis.recovery.begin(campaign.id(), Duration.ofMillis(1)).orElseThrow();
        Rebuild other =
                await().until(() -> redis.recovery.begin(campaign.id(), SHORT), Optional::isPresent)
                        .orElseThrow();
        assertThatExceptionOfType(OutlivedException.class).isThrownBy(stalled::prolong);
        assertThat(other.resume(campaign.rebuilt(), 1)).isTrue();
        // Of this coupon the one that stalled knows nothing.
        assertThat(won(claim(campaign, "bob").getFirst()).serial()).isEqualTo(2);
        redis.recovery.suspend(campaign.id());

        assertThatExceptionOfType(OutlivedException.class).isThrownBy(stalled::prolong);
        assertThatExceptionOfType(OutlivedException.class)
                .isThrownBy(() -> stalled.resume(campaign.rebuilt().rebuilt(), 1));
    }

    @Test
    void aLeaseThatRanOutTwiceIsNotTakenBackByTheFirst() {
        Campaign campaign = open(3);
        redis.recovery.suspend(campaign.id());
        Rebuild first = redis.recovery.begin(campaign.id(), Duration.ofMillis(1)).orElseThrow();
        await().until(() -> redis.recovery.begin(campaign.id(), SHORT), Optional::isPresent);
        String until = "rebuilderUntil";
        jedis.hset(CampaignKeys.of(campaign.id()).campaign(), until, "1");

        assertThatExceptionOfType(OutlivedException.class).isThrownBy(first::prolong);
    }

    @Test
    void aRebuildThatBeganOnAnotherServerBeginsAnew() {
        Campaign campaign = open(3);
        redis.recovery.suspend(campaign.id());
        Rebuild rebuild = begin(campaign);
        rebuild.prolong();
        // what a replica of that server would have once it is promoted
        String key = CampaignKeys.of(campaign.id()).campaign();
        String token = jedis.hget(key, "rebuilder").replaceFirst("@.*", "@" + "0".repeat(40));
        jedis.hset(key, "rebuilder", token);

        assertThatExceptionOfType(OutlivedException.class).isThrownBy(rebuild::prolong);
        assertThatExceptionOfType(OutlivedException.class)
                .isThrownBy(() -> rebuild.resume(campaign.rebuilt(), 0));
    }

    @Test
    void aDraftThatNodesHaveSeenAndThatIsLostIsArmedOnceMore() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 2);
        redis.arming.arm(draft);
        jedis.srem(CampaignKeys.CAMPAIGNS, draft.id().value());
        assertThat(claim(draft, "ann")).containsExactly(new ClaimResult.UnknownCampaign());
        CampaignKeys.of(draft.id()).all().forEach(jedis::del);
        assertThat(claim(draft, "ann")).containsExactly(new ClaimResult.Recovering());

        redis.arming.arm(draft);
        redis.arming.change(draft.published());

        assertThat(won(claim(draft, "ann").getFirst()).serial()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"issued", "fence", "participants", "outbox"})
    void whatIsSuspendedIsNotArmedAsADraftWhereAnythingTellsThatItHasIssued(String trace) {
        Campaign campaign = open(2);
        CampaignKeys keys = CampaignKeys.of(campaign.id());
        claim(campaign, "ann");
        redis.recovery.suspend(campaign.id());
        jedis.hdel(keys.campaign(), "version");
        switch (trace) {
            case "issued" -> jedis.del(keys.participants(), keys.outbox());
            case "fence" -> {
                jedis.del(keys.participants(), keys.outbox());
                jedis.hdel(keys.campaign(), "issued");
                jedis.hset(keys.campaign(), "fence", "1");
            }
            case "participants" -> {
                jedis.del(keys.outbox());
                jedis.hdel(keys.campaign(), "issued");
            }
            default -> {
                jedis.del(keys.participants());
                jedis.hdel(keys.campaign(), "issued");
            }
        }

        assertThatExceptionOfType(IssuanceUnavailableException.class)
                .isThrownBy(() -> redis.arming.arm(Campaigns.draft(campaign.id(), 2)));
    }

    @Test
    void whatTheCampaignItselfSaysWasIssuedIsFencedThoughNobodyAsksAnyMore() {
        Campaign campaign = open(5);
        claim(campaign, "ann", "bob", "cid");
        CampaignKeys keys = CampaignKeys.of(campaign.id());
        jedis.del(keys.participants(), keys.outbox());
        // by a node that has only just started
        assertThat(claim(campaign, "dan")).containsExactly(new ClaimResult.Recovering());

        assertThat(begin(campaign).fence()).isEqualTo(3);
    }

    @Test
    void anEntryFromAheadOfTheServersClockIsLeftToo() {
        Campaign campaign = open(3);
        IssuedCoupon ann = won(claim(campaign, "ann").getFirst());
        String outbox = CampaignKeys.of(campaign.id()).outbox();
        var entry = jedis.xrange(outbox, "-", "+").getFirst();
        jedis.del(outbox);
        // The server that wrote it had a clock that was fast.
        jedis.xadd(outbox, XAddParams.xAddParams().id("9000000000000-0"), entry.getFields());

        assertThat(redis.outbox.waiting(campaign.id(), "", Duration.ZERO, 10))
                .extracting(OutboxEntry::coupon)
                .containsExactly(ann);
        assertThat(redis.outbox.waiting(campaign.id(), "", Duration.ofMillis(1), 10)).isEmpty();
    }

    @Test
    void winnersAreReadAndRestoredPageByPage() {
        Campaign campaign = open(3_000);
        for (int first = 0; first < 3_000; first += 1_000) {
            claim(
                    campaign,
                    IntStream.range(first, first + 1_000)
                            .mapToObj(number -> "m" + number)
                            .toArray(String[]::new));
        }
        redis.recovery.suspend(campaign.id());
        Rebuild rebuild = begin(campaign);
        var coupons = new ArrayList<IssuedCoupon>();
        String cursor = "";
        do {
            var page = rebuild.left(cursor, 1_000);
            coupons.addAll(page.coupons());
            cursor = page.cursor();
        } while (!cursor.isEmpty());
        assertThat(coupons).extracting(IssuedCoupon::serial).doesNotHaveDuplicates().hasSize(3_000);

        jedis.del(CampaignKeys.of(campaign.id()).participants());
        for (int first = 0; first < 3_000; first += 1_000) {
            rebuild.restore(
                    coupons.subList(first, first + 1_000).stream()
                            .map(coupon -> new Winner(coupon, false))
                            .toList());
        }
        assertThat(rebuild.resume(campaign.rebuilt(), 3_000)).isTrue();
        assertThat(claim(campaign, "m7", "nobody"))
                .satisfiesExactly(
                        first -> assertThat(first).isInstanceOf(ClaimResult.AlreadyIssued.class),
                        second -> assertThat(second).isEqualTo(new ClaimResult.SoldOut()));
    }

    @Test
    void aCampaignDoesNotGoOnWithoutItsAllowList() {
        CampaignPlan plan = Campaigns.plan(3);
        AllowList list = new AllowList(7, 1);
        Campaign campaign =
                open(
                        Campaign.draft(
                                        Campaigns.newId(),
                                        new CampaignPlan(
                                                plan.name(),
                                                plan.coupon(),
                                                plan.quantity(),
                                                plan.window(),
                                                Eligibility.ALLOW_LIST))
                                .withAllowList(list));
        redis.eligible.putInForce(campaign.id(), list, Stream.of(List.of(new MemberId("ann"))));
        jedis.del(CampaignKeys.of(campaign.id()).eligible());
        assertThat(claim(campaign, "bob")).containsExactly(new ClaimResult.Recovering());

        Rebuild rebuild = begin(campaign);
        assertThat(rebuild.resume(campaign.rebuilt(), 0)).isFalse();
        redis.eligible.putInForce(campaign.id(), list, Stream.of(List.of(new MemberId("ann"))));
        assertThat(rebuild.resume(campaign.rebuilt(), 0)).isTrue();

        assertThat(claim(campaign, "bob", "ann"))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo(new ClaimResult.NotEligible()),
                        second -> assertThat(second).isInstanceOf(ClaimResult.Issued.class));
    }

    @Test
    void anArchivedCampaignIsGivenItsWinnersBackAndNoStock() {
        Campaign campaign = open(3);
        IssuedCoupon ann = won(claim(campaign, "ann").getFirst());
        CampaignKeys keys = CampaignKeys.of(campaign.id());
        keys.all().forEach(jedis::del);
        Campaign archived =
                campaign.closed().archived(Instant.parse("2999-01-01T00:00:00Z")).rebuilt();

        Rebuild rebuild = begin(campaign);
        rebuild.restore(List.of(new Winner(ann, false)));
        assertThat(rebuild.resume(archived, 1)).isTrue();

        assertThat(claim(campaign, "ann", "bob"))
                .containsExactly(new ClaimResult.AlreadyIssued(ann), new ClaimResult.Archived());
        assertThat(jedis.exists(keys.stock(), keys.outbox(), keys.eligible())).isZero();
    }

    @Test
    void aRebuildThatBeganOnAnotherServerWritesNothing() {
        Campaign campaign = open(3);
        IssuedCoupon ann = won(claim(campaign, "ann").getFirst());
        redis.recovery.suspend(campaign.id());
        Rebuild rebuild = begin(campaign);
        String key = CampaignKeys.of(campaign.id()).campaign();
        String holder = jedis.hget(key, "rebuilder");
        String token = holder.substring(0, holder.indexOf('@'));
        jedis.hset(key, "rebuilder", token + "@" + "0".repeat(40)); // as a replica would have it

        assertThatThrownBy(() -> rebuild.restore(List.of(new Winner(ann, false))))
                .isInstanceOf(OutlivedException.class);
        assertThatThrownBy(rebuild::prolong).isInstanceOf(OutlivedException.class);
        assertThatThrownBy(() -> rebuild.resume(campaign.rebuilt(), 1))
                .isInstanceOf(OutlivedException.class);

        assertThat(begin(campaign).resume(campaign.rebuilt(), 1)).as("need not wait").isTrue();
    }

    @Test
    void anEntryOfAnotherCouponUnderTheSameIdIsNotRemoved() {
        Campaign campaign = open(3);
        claim(campaign, "ann");
        String outbox = CampaignKeys.of(campaign.id()).outbox();
        List<OutboxEntry> ann = redis.outbox.waiting(campaign.id(), "", Duration.ZERO, 10);
        String id = ann.getFirst().id();
        jedis.del(outbox);
        jedis.hset(CampaignKeys.of(campaign.id()).campaign(), "epoch", "2"); // as a rebuild does
        jedis.xadd(
                outbox,
                XAddParams.xAddParams().id(id),
                Map.of(
                        "member", "bob",
                        "serial", "1",
                        "code", "00112233445566778899",
                        "issuedAt", "1700000000000",
                        "epoch", "2"));

        redis.outbox.remove(campaign.id(), ann);

        assertThat(redis.outbox.waiting(campaign.id(), "", Duration.ZERO, 10))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.coupon().member()).isEqualTo(new MemberId("bob"));
                    redis.outbox.remove(campaign.id(), List.of(entry));
                });
        assertThat(jedis.xlen(outbox)).isZero();
    }
}
