package com.coupon.issuance.adapter.out.redis;

import com.coupon.issuance.adapter.out.redis.RedisProperties.Mode;
import com.coupon.issuance.application.IssuanceProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The adapters to Redis, put together by hand for tests. */
final class RedisAdapters implements AutoCloseable {

    final RedisConnections connections;
    final RedisCampaignRegister register;
    final RedisCouponStock stock;
    final RedisCampaignArming arming;
    final RedisCampaignRecovery recovery;
    final RedisEligibleMembers eligible;
    final RedisParticipants participants;
    final RedisCampaignViews views;
    final RedisIssuanceOutbox outbox;
    final RedisAnswerTotals totals;
    final RedisLiveProgress progress;
    final RedisCampaignInspection inspection;
    final RedisWinnerReading winners;

    private RedisAdapters(RedisProperties properties) {
        var issuance =
                new Binder(new MapConfigurationPropertySource(Map.of()))
                        .bindOrCreate("coupon.issuance", IssuanceProperties.class);
        connections = new RedisConnections(properties);
        register = new RedisCampaignRegister(connections);
        stock = new RedisCouponStock(connections, register, issuance);
        arming = new RedisCampaignArming(connections, register);
        recovery = new RedisCampaignRecovery(connections, register);
        eligible = new RedisEligibleMembers(connections);
        participants = new RedisParticipants(connections);
        views = new RedisCampaignViews(connections, register);
        outbox = new RedisIssuanceOutbox(connections, register);
        totals = new RedisAnswerTotals(connections);
        progress = new RedisLiveProgress(connections);
        inspection = new RedisCampaignInspection(connections);
        winners = new RedisWinnerReading(connections);
    }

    static RedisAdapters standalone(String node, int replicasToAwait) {
        return new RedisAdapters(properties(Mode.STANDALONE, List.of(node), null, replicasToAwait));
    }

    static RedisAdapters sentinel(String sentinel, String master) {
        return new RedisAdapters(properties(Mode.SENTINEL, List.of(sentinel), master, 0));
    }

    static RedisAdapters cluster(List<String> nodes) {
        return new RedisAdapters(properties(Mode.CLUSTER, nodes, null, 0));
    }

    /** A single server that wants to know who is calling. */
    static RedisAdapters authenticated(String node, String user, String password) {
        return new RedisAdapters(
                properties(Mode.STANDALONE, List.of(node), null, user, password, 0));
    }

    private static RedisProperties properties(
            Mode mode, List<String> nodes, @Nullable String sentinelMaster, int replicasToAwait) {
        return properties(mode, nodes, sentinelMaster, null, null, replicasToAwait);
    }

    private static RedisProperties properties(
            Mode mode,
            List<String> nodes,
            @Nullable String sentinelMaster,
            @Nullable String user,
            @Nullable String password,
            int replicasToAwait) {
        return new RedisProperties(
                mode,
                nodes,
                sentinelMaster,
                user,
                password,
                null,
                null,
                false,
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                16,
                Duration.ofSeconds(5),
                replicasToAwait);
    }

    @Override
    public void close() {
        stock.close();
        connections.close();
    }
}
