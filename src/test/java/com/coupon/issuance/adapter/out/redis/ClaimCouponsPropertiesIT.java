package com.coupon.issuance.adapter.out.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Campaigns;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.AllowList;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignPlan;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.memory.InMemoryCouponStock;
import com.coupon.issuance.port.out.CampaignArming.Outcome;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.CouponStock.Decision;
import com.coupon.servers.RunningServers;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/**
 * Random lives of a campaign on a real server, beside a plain Java model: the answers are the same,
 * there are never more coupons than there may be, and a refusal changes no byte. A seed that fails
 * is in the name of its test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClaimCouponsPropertiesIT {

    private static final int STEPS = 60;
    private static final int MEMBERS = 40;

    private final RedisAdapters redis = RedisAdapters.standalone(RunningServers.get().redis(), 1);
    private final Jedis jedis = new Jedis(HostAndPort.from(RunningServers.get().redis()));

    @BeforeAll
    void makeTheRegisterWhole() {
        redis.arming.announce(List.of());
    }

    @AfterAll
    void close() {
        jedis.close();
        redis.close();
    }

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("coupon.test.seeds", 60));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theScriptAgreesWithTheModel(long seed) {
        Random random = new Random(seed);
        InMemoryCouponStock model = new InMemoryCouponStock(InstantSource.system());
        Campaign campaign = Campaigns.draft(Campaigns.newId(), 1 + random.nextInt(20));
        redis.arming.arm(campaign);
        // so that no sweep of a running process empties its outbox
        jedis.srem(CampaignKeys.CAMPAIGNS, campaign.id().value());
        model.arm(campaign);
        campaign = campaign.published();
        assertThat(redis.arming.change(campaign)).isEqualTo(model.change(campaign));

        Set<IssuedCoupon> issued = new HashSet<>();
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(5) == 0) {
                Campaign changed = change(campaign, random);
                var outcome = redis.arming.change(changed);
                assertThat(outcome).as("step %d", step).isEqualTo(model.change(changed));
                campaign = outcome.outcome() == Outcome.APPLIED ? changed : campaign;
            } else {
                ClaimBatch batch = batch(campaign, random);
                List<String> before = bytes(campaign);
                Decision actual = decide(redis.stock, batch);
                Decision expected = decide(model, batch);

                assertThat(actual.results())
                        .as("step %d", step)
                        .usingElementComparator(
                                (one, other) -> withoutCode(one).equals(withoutCode(other)) ? 0 : 1)
                        .isEqualTo(expected.results());
                assertThat(actual.watermark()).isEqualTo(expected.watermark());
                if (actual.outbox().isEmpty()) {
                    assertThat(bytes(campaign)).as("step %d", step).isEqualTo(before);
                }
                actual.outbox().stream().map(OutboxEntry::coupon).forEach(issued::add);
            }
            holds(campaign, issued);
        }
    }

    private static Campaign change(Campaign campaign, Random random) {
        CampaignState[] states = {
            CampaignState.PUBLISHED,
            CampaignState.PUBLISHED,
            CampaignState.PAUSED,
            CampaignState.CLOSED
        };
        CampaignPlan plan = campaign.plan();
        return new Campaign(
                campaign.id(),
                new CampaignPlan(
                        plan.name(),
                        plan.coupon(),
                        Math.max(1, plan.quantity() + random.nextInt(-6, 10)),
                        plan.window(),
                        plan.eligibility()),
                campaign.returned() + random.nextInt(2),
                states[random.nextInt(states.length)],
                AllowList.NONE,
                null,
                // sometimes an older version, which must be ignored
                campaign.version() + random.nextInt(0, 3),
                campaign.epoch(),
                true);
    }

    private static ClaimBatch batch(Campaign campaign, Random random) {
        return new ClaimBatch(
                campaign.id(),
                random.nextInt(4) == 0 ? Question.FIND : Question.CLAIM,
                IntStream.range(0, 1 + random.nextInt(6))
                        .mapToObj(number -> new MemberId("m" + random.nextInt(MEMBERS)))
                        .toList(),
                random.nextBoolean()
                        ? Confirmed.EVERYTHING
                        : new Confirmed("another", random.nextInt(5)),
                Watermark.NONE);
    }

    private static Decision decide(CouponStock stock, ClaimBatch batch) {
        try (Decision decision = stock.decide(batch)) {
            return decision;
        }
    }

    /** Codes and times are the server's own. */
    private static ClaimResult withoutCode(ClaimResult result) {
        return switch (result) {
            case ClaimResult.Issued(var coupon) -> new ClaimResult.Issued(withoutCode(coupon));
            case ClaimResult.AlreadyIssued(var coupon) ->
                    new ClaimResult.AlreadyIssued(withoutCode(coupon));
            case ClaimResult.NotOpenYet(var opensAt, var remaining) ->
                    new ClaimResult.NotOpenYet(opensAt, Duration.ZERO);
            default -> result;
        };
    }

    private static IssuedCoupon withoutCode(IssuedCoupon coupon) {
        return new IssuedCoupon(
                coupon.campaign(),
                coupon.member(),
                coupon.serial(),
                new CouponCode("0".repeat(20)),
                Instant.EPOCH,
                coupon.epoch());
    }

    private List<String> bytes(Campaign campaign) {
        return CampaignKeys.of(campaign.id()).all().stream()
                .map(key -> HexFormat.of().formatHex(jedis.dump(key)))
                .toList();
    }

    private void holds(Campaign campaign, Set<IssuedCoupon> issued) {
        CampaignKeys keys = CampaignKeys.of(campaign.id());
        long stock = Long.parseLong(jedis.get(keys.stock()));
        assertThat(issued.size() + stock)
                .isEqualTo(campaign.plan().quantity() + campaign.returned());
        assertThat(stock).isNotNegative();
        assertThat(issued)
                .extracting(IssuedCoupon::serial)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, issued.size()).boxed().toList());
        assertThat(issued).extracting(IssuedCoupon::member).doesNotHaveDuplicates();
        assertThat(issued).extracting(IssuedCoupon::code).doesNotHaveDuplicates();
        assertThat(jedis.xlen(keys.outbox())).isEqualTo(issued.size());
        assertThat(jedis.hlen(keys.participants())).isEqualTo(issued.size() + 1);
    }
}
