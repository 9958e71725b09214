package com.coupon.issuance.adapter.out.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.issuance.CouponStockContract;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.SoldOut;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignRecovery;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.CouponStock.Decision;
import com.coupon.issuance.port.out.EligibleMembers;
import com.coupon.issuance.port.out.Participants;
import com.coupon.issuance.port.out.WinnerReading;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** The contract on Redis, in whatever setup. */
abstract class RedisStockContract extends CouponStockContract {

    abstract RedisAdapters redis();

    @Override
    protected CouponStock stock() {
        return redis().stock;
    }

    @Override
    protected CampaignArming arming() {
        return redis().arming;
    }

    @Override
    protected EligibleMembers eligible() {
        return redis().eligible;
    }

    @Override
    protected Participants participants() {
        return redis().participants;
    }

    @Override
    protected CampaignRecovery recovery() {
        return redis().recovery;
    }

    @Override
    protected WinnerReading winners() {
        return redis().winners;
    }

    /** While a change waits for nodes to forget, no state may be remembered anew. */
    @Test
    void aChangeOfWhatIsSoldOutIsAnnouncedAndMadeWhenNobodyRemembersAnything() {
        Campaign campaign = Campaigns.draft(Campaigns.newId(), 1);
        arming().arm(campaign);
        arming().change(campaign.published());
        decide(campaign.id(), "ann");
        assertThat(decide(campaign.id(), "bob").soldOut()).isNotNull();

        long start = System.nanoTime();
        CompletableFuture<?> change =
                CompletableFuture.runAsync(() -> arming().change(campaign.published().adjusted(1)));
        await().until(() -> decide(campaign.id(), "bob").soldOut() == null);
        assertThat(change).isNotDone();
        while (decide(campaign.id(), "bob").results().equals(List.of(new ClaimResult.SoldOut()))) {
            assertThat(decide(campaign.id(), "ann").soldOut()).isNull();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(SoldOut.LEASE);
        change.join();
    }

    @Test
    void aRevocationOfWhatIsSoldOutIsAnnouncedToo() {
        Campaign campaign = Campaigns.draft(Campaigns.newId(), 1);
        arming().arm(campaign);
        arming().change(campaign.published());
        IssuedCoupon coupon = decide(campaign.id(), "ann").outbox().getFirst().coupon();

        long start = System.nanoTime();
        participants().revoke(coupon);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(SoldOut.LEASE);
        start = System.nanoTime();
        participants().revoke(coupon);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("done already")
                .isLessThan(SoldOut.LEASE);
    }

    private Decision decide(CampaignId campaign, String member) {
        try (Decision decision =
                stock().decide(
                                new ClaimBatch(
                                        campaign,
                                        ClaimBatch.Question.CLAIM,
                                        List.of(new MemberId(member)),
                                        Confirmed.EVERYTHING,
                                        Watermark.NONE))) {
            return decision;
        }
    }

    @Override
    protected void lose(CampaignId campaign) {
        for (String key : CampaignKeys.of(campaign).all()) {
            redis().connections
                    .shared()
                    .call(
                            key,
                            connection ->
                                    connection.executeCommand(
                                            new CommandArguments(Command.DEL).key(key)));
        }
    }

    @Override
    protected void drain(CampaignId campaign) {
        redis().outbox.remove(campaign, redis().outbox.waiting(campaign, "", Duration.ZERO, 1000));
    }
}
