package com.coupon.servers;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.MigrateParams;

/** A real Redis Cluster of primaries, each with an equal share of the slots. */
public final class RedisClusterProcesses implements AutoCloseable {

    private static final int SLOTS = 16_384;
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    private final List<RedisProcess> nodes;

    private RedisClusterProcesses(List<RedisProcess> nodes) {
        this.nodes = nodes;
    }

    /** Starts a cluster and waits until all its servers agree. */
    public static RedisClusterProcesses start(Path folder, int size) {
        List<RedisProcess> nodes =
                IntStream.range(0, size)
                        .mapToObj(number ->
                                RedisProcess.start(
                                        folder,
                                        "cluster-enabled yes",
                                        "cluster-config-file nodes-" + number + ".conf",
                                        "cluster-node-timeout 2000"))
                        .toList();
        for (int number = 0; number < size; number++) {
            int first = SLOTS * number / size;
            int end = SLOTS * (number + 1) / size;
            try (Jedis jedis = nodes.get(number).connect()) {
                jedis.clusterAddSlots(IntStream.range(first, end).toArray());
                for (RedisProcess other : nodes) {
                    jedis.clusterMeet(other.address().getHost(), other.address().getPort());
                }
            }
        }
        var cluster = new RedisClusterProcesses(nodes);
        await().atMost(LONG_ENOUGH)
                .until(() ->
                        nodes.stream()
                                .allMatch(node ->
                                        cluster.on(node, Jedis::clusterInfo)
                                                .contains("cluster_state:ok")));
        return cluster;
    }

    public List<String> addresses() {
        return nodes.stream().map(node -> node.address().toString()).toList();
    }

    private <T> T on(RedisProcess node, Function<Jedis, T> call) {
        try (Jedis jedis = node.connect()) {
            return call.apply(jedis);
        }
    }

    private RedisProcess owner(int slot) {
        return nodes.get(slot * nodes.size() / SLOTS);
    }

    private RedisProcess heir(int slot) {
        return nodes.get((nodes.indexOf(owner(slot)) + 1) % nodes.size());
    }

    /** Announces to both servers that a slot moves from its first owner to the next server. */
    public void beginToMove(int slot) {
        String ownerId = on(owner(slot), Jedis::clusterMyId);
        String heirId = on(heir(slot), Jedis::clusterMyId);
        on(heir(slot), jedis -> jedis.clusterSetSlotImporting(slot, ownerId));
        on(owner(slot), jedis -> jedis.clusterSetSlotMigrating(slot, heirId));
    }

    /** Moves the keys; the old owner then refers those who ask to the new one. */
    public void moveKeys(int slot) {
        var heir = heir(slot).address();
        on(
                owner(slot),
                jedis -> {
                    List<String> keys = jedis.clusterGetKeysInSlot(slot, 1_000);
                    return jedis.migrate(
                            heir.getHost(),
                            heir.getPort(),
                            5_000,
                            MigrateParams.migrateParams(),
                            keys.toArray(String[]::new));
                });
    }

    /** Makes the new server the slot's owner. */
    public void finishMoving(int slot) {
        String heirId = on(heir(slot), Jedis::clusterMyId);
        await().atMost(LONG_ENOUGH)
                .ignoreException(JedisDataException.class)
                .until(() ->
                        "OK"
                                .equals(
                                        on(
                                                heir(slot),
                                                jedis -> jedis.clusterSetSlotNode(slot, heirId))));
        on(owner(slot), jedis -> jedis.clusterSetSlotNode(slot, heirId));
    }

    @Override
    public void close() {
        nodes.forEach(RedisProcess::close);
    }
}
