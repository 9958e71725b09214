package com.coupon.issuance.adapter.out.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.Campaigns;
import com.coupon.issuance.AnswerTotalsContract;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.port.in.CampaignProgress;
import com.coupon.issuance.port.in.ClaimOutcome;
import com.coupon.issuance.port.out.AnswerTotals;
import com.coupon.issuance.port.out.LiveProgress;
import com.coupon.servers.RedisProcess;
import com.coupon.servers.RunningServers;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** The contract on a real server, what the script writes there, and what it makes of damage. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisAnswerTotalsIT extends AnswerTotalsContract {

    private static final RedisScript COUNT = RedisScript.named("count_answers");

    private final RedisAdapters redis = RedisAdapters.standalone(RunningServers.get().redis(), 0);
    private final Jedis jedis = new Jedis(HostAndPort.from(RunningServers.get().redis()));

    @AfterAll
    void close() {
        jedis.close();
        redis.close();
    }

    @Override
    protected AnswerTotals totals() {
        return redis.totals;
    }

    @Override
    protected LiveProgress progress() {
        return redis.progress;
    }

    @Override
    protected CampaignId open(long quantity) {
        Campaign draft = Campaigns.draft(Campaigns.newId(), quantity);
        redis.arming.arm(draft);
        redis.arming.change(draft.published());
        // Not registered, so that no sweep of a running process takes its outbox.
        jedis.srem(CampaignKeys.CAMPAIGNS, draft.id().value());
        return draft.id();
    }

    @Test
    void aCampaignThatIsNotThereLeavesNoKey() {
        CampaignId unknown = Campaigns.newId();

        redis.totals.add(unknown, Map.of(ClaimOutcome.SOLD_OUT, 1L));

        assertThat(jedis.keys("coupon:{" + unknown + "}:*")).isEmpty();
    }

    @Test
    void winnersOnTheirWayAreSeenWithTheAgeOfTheOldest() {
        CampaignId campaign = open(5);
        try (var decision =
                redis.stock.decide(
                        new ClaimBatch(
                                campaign,
                                Question.CLAIM,
                                List.of(new MemberId("ann"), new MemberId("bob")),
                                Confirmed.EVERYTHING,
                                Watermark.NONE))) {
            CampaignProgress progress = redis.progress.of(campaign);

            assertThat(progress.issued()).isEqualTo(2);
            assertThat(progress.remaining()).isEqualTo(3);
            assertThat(progress.unpublished()).isEqualTo(2);
            assertThat(progress.oldestUnpublished())
                    .isEqualTo(decision.outbox().getFirst().coupon().issuedAt())
                    .isBeforeOrEqualTo(progress.readAt());
        }
    }

    @Test
    void ratesAreOfTheLatestSecondsAloneAndOldOnesAreTakenAway() {
        CampaignId campaign = open(5);
        CampaignKeys keys = CampaignKeys.of(campaign);
        long now = Long.parseLong(jedis.time().getFirst());
        jedis.hset(
                keys.rates(),
                Map.of(
                        (now - 3) + ":SOLD_OUT", "40",
                        (now - 4) + ":SOLD_OUT", "2",
                        (now - 14) + ":SOLD_OUT", "1000",
                        (now - 100) + ":SOLD_OUT", "1000"));
        assertThat(redis.progress.of(campaign).lately())
                .isEqualTo(Map.of(ClaimOutcome.SOLD_OUT, 42L));

        redis.totals.add(campaign, Map.of(ClaimOutcome.ISSUED, 7L));

        assertThat(jedis.hkeys(keys.rates()))
                .contains((now - 3) + ":SOLD_OUT", (now - 4) + ":SOLD_OUT")
                .doesNotContain((now - 100) + ":SOLD_OUT")
                .hasSizeBetween(3, 4);
        assertThat(jedis.ttl(keys.rates())).isBetween(1L, 60L);
        assertThat(jedis.ttl(keys.answers())).isEqualTo(-1);
    }

    @Test
    void whatAnotherReleaseCountsIsPassedOver() {
        CampaignId campaign = open(5);
        jedis.hset(CampaignKeys.of(campaign).answers(), "FROM_THE_FUTURE", "1");

        assertThat(redis.progress.of(campaign).answers()).isEmpty();
    }

    @Test
    void aCampaignWhoseStockOrOutboxIsGoneIsRecovering() {
        for (boolean stock : new boolean[] {true, false}) {
            CampaignId campaign = open(5);
            jedis.del(
                    stock ? CampaignKeys.of(campaign).stock() : CampaignKeys.of(campaign).outbox());

            assertThatThrownBy(() -> redis.progress.of(campaign))
                    .isInstanceOfSatisfying(
                            IssuanceUnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.RECOVERING));
        }
    }

    @Test
    void anArchivedCampaignNeedsNeither() {
        CampaignId campaign = open(5);
        CampaignKeys keys = CampaignKeys.of(campaign);
        jedis.hset(keys.campaign(), "state", "ARCHIVED");
        jedis.del(keys.stock(), keys.outbox());

        assertThat(redis.progress.of(campaign).state()).isEqualTo("ARCHIVED");
    }

    @Test
    void theScriptRefusesWhatItDoesNotUnderstandAndWritesNothing() {
        CampaignId campaign = open(5);
        List<String> keys = CampaignKeys.of(campaign).totals();
        for (Object[] arguments :
                new Object[][] {
                    {},
                    {"SOLD_OUT"},
                    {"SOLD_OUT", "1", "PAUSED"},
                    {"SOLD_OUT", "0"},
                    {"SOLD_OUT", "-1"},
                    {"SOLD_OUT", "1.5"},
                    {"SOLD_OUT", "99999999999"},
                    {"sold-out", "1"},
                    {"", "1"},
                    {"X".repeat(33), "1"},
                    {"PAUSED", "1", "SOLD_OUT", "many"}
                }) {
            assertThatThrownBy(() ->
                            COUNT.call(
                                    jedis.getConnection(), keys, RedisScript.arguments(arguments)))
                    .as(List.of(arguments).toString())
                    .hasMessageContaining("count_answers: bad");
        }
        assertThat(jedis.exists(keys.get(1), keys.get(2))).isZero();
    }

    @Test
    void aServerThatIsNotThereCannotTell() {
        try (var nobody = RedisAdapters.standalone("127.0.0.1:" + RedisProcess.freePort(), 0)) {
            assertThatThrownBy(() -> nobody.progress.of(Campaigns.newId()))
                    .isInstanceOf(IssuanceUnavailableException.class);
            assertThatThrownBy(() ->
                            nobody.totals.add(Campaigns.newId(), Map.of(ClaimOutcome.SOLD_OUT, 1L)))
                    .isInstanceOf(IssuanceUnavailableException.class);
        }
    }
}
