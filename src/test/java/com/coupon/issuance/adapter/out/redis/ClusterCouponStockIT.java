package com.coupon.issuance.adapter.out.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Campaigns;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.Watermark;
import com.coupon.servers.RedisClusterProcesses;
import com.coupon.shared.MemberId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * The contract on a cluster, and what happens when a campaign's slot moves to another of its
 * servers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterCouponStockIT extends RedisStockContract {

    private final RedisClusterProcesses cluster;
    private final RedisAdapters redis;

    ClusterCouponStockIT(@TempDir Path folder) {
        cluster = RedisClusterProcesses.start(folder, 2);
        redis = RedisAdapters.cluster(cluster.addresses());
    }

    @BeforeAll
    void makeTheRegisterWhole() {
        redis.arming.announce(List.of());
    }

    @AfterAll
    void close() {
        redis.close();
        cluster.close();
    }

    private ClaimResult claim(Campaign campaign, String member) {
        try (var decision =
                redis.stock.decide(
                        new ClaimBatch(
                                campaign.id(),
                                Question.CLAIM,
                                List.of(new MemberId(member)),
                                Confirmed.EVERYTHING,
                                Watermark.NONE))) {
            return decision.results().getFirst();
        }
    }

    @Override
    RedisAdapters redis() {
        return redis;
    }

    @Test
    void aCampaignIsFollowedToWhereItMoves() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 2);
        redis.arming.arm(draft);
        redis.arming.change(draft.published());
        assertThat(claim(draft, "ann")).isInstanceOf(ClaimResult.Issued.class);

        int slot = JedisClusterCRC16.getSlot(CampaignKeys.of(draft.id()).campaign());
        cluster.beginToMove(slot);
        cluster.moveKeys(slot);
        // The old owner sends asking, the new one answers.
        assertThat(claim(draft, "ann"))
                .as("a server may lack something that it was given by another")
                .isEqualTo(new ClaimResult.Recovering());
        rebuild(draft.published());
        assertThat(claim(draft, "ann")).isInstanceOf(ClaimResult.AlreadyIssued.class);
        cluster.finishMoving(slot);
        // The old owner has given the slot away.
        assertThat(claim(draft, "bob")).isInstanceOf(ClaimResult.Issued.class);
        assertThat(claim(draft, "cid")).isEqualTo(new ClaimResult.SoldOut());
    }

    private void rebuild(Campaign campaign) {
        var rebuild = redis.recovery.begin(campaign.id(), Duration.ofSeconds(10)).orElseThrow();
        assertThat(rebuild.left("", 10).coupons()).hasSize(1);
        assertThat(rebuild.resume(campaign.rebuilt(), 1)).isTrue();
    }
}
