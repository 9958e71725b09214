package com.coupon.issuance.adapter.out.redis;

import com.coupon.issuance.CouponStockContract;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignRecovery;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.EligibleMembers;
import com.coupon.issuance.port.out.Participants;
import com.coupon.shared.CampaignId;
import java.time.Duration;
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
