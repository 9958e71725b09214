package com.coupon.issuance.adapter.out.redis;

import com.coupon.issuance.CouponStockContract;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.EligibleMembers;
import com.coupon.issuance.port.out.Participants;
import com.coupon.servers.RedisProcess;
import com.coupon.shared.CampaignId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a primary that a sentinel names. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SentinelCouponStockIT extends CouponStockContract {

    private final RedisProcess primary;
    private final RedisProcess sentinel;
    private final RedisAdapters redis;

    SentinelCouponStockIT(@TempDir Path folder) {
        primary = RedisProcess.start(folder);
        sentinel = RedisProcess.sentinel(folder, "coupons", primary.address());
        redis = RedisAdapters.sentinel(sentinel.address().toString(), "coupons");
    }

    @BeforeAll
    void makeTheRegisterWhole() {
        redis.arming.announce(List.of());
    }

    @AfterAll
    void close() {
        redis.close();
        sentinel.close();
        primary.close();
    }

    @Override
    protected CouponStock stock() {
        return redis.stock;
    }

    @Override
    protected EligibleMembers eligible() {
        return redis.eligible;
    }

    @Override
    protected Participants participants() {
        return redis.participants;
    }

    @Override
    protected void drain(CampaignId campaign) {
        redis.outbox.remove(campaign, redis.outbox.waiting(campaign, "", Duration.ZERO, 1000));
    }

    @Override
    protected CampaignArming arming() {
        return redis.arming;
    }
}
