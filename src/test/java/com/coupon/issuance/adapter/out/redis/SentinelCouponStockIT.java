package com.coupon.issuance.adapter.out.redis;

import com.coupon.servers.RedisProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a primary that a sentinel names. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SentinelCouponStockIT extends RedisStockContract {

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
    RedisAdapters redis() {
        return redis;
    }
}
