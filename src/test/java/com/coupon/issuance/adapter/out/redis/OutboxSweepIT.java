package com.coupon.issuance.adapter.out.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.IntegrationTest;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.domain.VersionMatch;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.persistence.port.in.ListIssuances;
import com.coupon.servers.RunningServers;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** What becomes of a winner whose node dies right after the decision. */
@IntegrationTest
class OutboxSweepIT {

    @Autowired private ManageCampaigns campaigns;
    @Autowired private ListIssuances ledger;

    @Test
    void aWinnerWhoseNodeDiedReachesTheLedgerThroughAnother() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 1);
        campaigns.create(draft);
        campaigns.open(draft.id(), VersionMatch.ANY);
        OutboxEntry won;
        // A node that decides, and then does nothing more.
        try (var dead = RedisAdapters.standalone(RunningServers.get().redis(), 0);
                var decision =
                        dead.stock.decide(
                                new ClaimBatch(
                                        draft.id(),
                                        Question.CLAIM,
                                        List.of(new MemberId("ann")),
                                        Confirmed.EVERYTHING,
                                        Watermark.NONE))) {
            won = decision.outbox().getFirst();
        }

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(ledger.list(draft.id(), 0, 10))
                                .extracting(row -> row.coupon())
                                .containsExactly(won.coupon()));
        try (Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> redis.xlen(CampaignKeys.of(draft.id()).outbox()) == 0);
        }
    }

    @Test
    void entriesThatWaitAreReadOldestFirstPageByPage() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 3);
        try (var redis = RedisAdapters.standalone(RunningServers.get().redis(), 0)) {
            redis.arming.arm(draft);
            redis.arming.change(draft.published());
            // Not registered, so that no sweep of the running process takes it.
            try (Jedis jedis = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
                jedis.srem(CampaignKeys.CAMPAIGNS, draft.id().value());
            }
            List<MemberId> members =
                    List.of(new MemberId("ann"), new MemberId("bob"), new MemberId("cid"));
            List<OutboxEntry> written;
            try (var decision =
                    redis.stock.decide(
                            new ClaimBatch(
                                    draft.id(),
                                    Question.CLAIM,
                                    members,
                                    Confirmed.EVERYTHING,
                                    Watermark.NONE))) {
                written = decision.outbox();
            }

            await().atMost(Duration.ofSeconds(10))
                    .until(() ->
                            redis.outbox.waiting(draft.id(), "", Duration.ofMillis(1), 2).size()
                                    == 2);
            assertThat(redis.outbox.waiting(draft.id(), "", Duration.ofMillis(1), 2))
                    .isEqualTo(written.subList(0, 2));
            assertThat(
                            redis.outbox.waiting(
                                    draft.id(), written.get(1).id(), Duration.ofMillis(1), 2))
                    .isEqualTo(written.subList(2, 3));
            assertThat(redis.outbox.waiting(draft.id(), "", Duration.ofHours(1), 2)).isEmpty();

            redis.outbox.remove(draft.id(), written);
            assertThat(redis.outbox.waiting(draft.id(), "", Duration.ofMillis(1), 2)).isEmpty();
        }
    }

    @Test
    void aSweepIsLeasedToOneNodeForAWhile() {
        var campaign = Campaigns.newId();
        try (var redis = RedisAdapters.standalone(RunningServers.get().redis(), 0);
                Jedis jedis = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
            assertThat(redis.outbox.lease(campaign, Duration.ofMinutes(1))).isTrue();
            assertThat(redis.outbox.lease(campaign, Duration.ofMinutes(1))).isFalse();
            assertThat(jedis.pttl(CampaignKeys.of(campaign).sweeper())).isBetween(1L, 60_000L);
        }
    }
}
