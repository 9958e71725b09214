package com.coupon.faults;

import static org.awaitility.Awaitility.await;

import com.coupon.servers.RedisProcess;
import com.coupon.servers.ReplicationRelay;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.MigrateParams;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Three primaries with a replica each, which give up on a server after a second. */
final class ClusterSetup implements RedisSetup {

    private static final int SLOTS = 16_384;
    private static final int PRIMARIES = 3;
    private static final int BUS = 10_000;
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);

    private final List<RedisServer> servers = new ArrayList<>();

    ClusterSetup(Path folder) {
        for (int number = 0; number < 2 * PRIMARIES; number++) {
            int port = RedisProcess.freePort();
            var relay = new ReplicationRelay(port);
            servers.add(
                    new RedisServer(
                            RedisProcess.start(
                                    port,
                                    folder,
                                    "cluster-enabled yes",
                                    "cluster-config-file nodes-" + port + ".conf",
                                    "cluster-node-timeout 1000",
                                    "cluster-require-full-coverage no",
                                    "cluster-migration-barrier 99",
                                    "cluster-announce-ip 127.0.0.1",
                                    "cluster-announce-port " + relay.port(),
                                    "cluster-announce-bus-port " + (port + BUS)),
                            relay));
        }
        for (RedisServer server : servers) {
            for (RedisServer other : servers) {
                String bus = Integer.toString(other.process().address().getPort() + BUS);
                cluster(server, "MEET", "127.0.0.1", Integer.toString(other.port()), bus);
            }
        }
        for (int number = 0; number < PRIMARIES; number++) {
            int[] slots =
                    IntStream.range(SLOTS * number / PRIMARIES, SLOTS * (number + 1) / PRIMARIES)
                            .toArray();
            servers.get(number).call(jedis -> jedis.clusterAddSlots(slots));
        }
        for (int number = 0; number < PRIMARIES; number++) {
            String primary = id(servers.get(number));
            RedisServer replica = servers.get(number + PRIMARIES);
            await().atMost(LONG_ENOUGH)
                    .ignoreException(JedisException.class)
                    .until(() -> "OK".equals(cluster(replica, "REPLICATE", primary)));
        }
        heal();
    }

    private static String cluster(RedisServer server, String... arguments) {
        return server.call(jedis -> {
            Object reply = jedis.sendCommand(Protocol.Command.CLUSTER, arguments);
            return new String((byte[]) reply, StandardCharsets.US_ASCII);
        });
    }

    private static String id(RedisServer server) {
        return server.call(Jedis::clusterMyId);
    }

    /** A line of {@code CLUSTER NODES}, as one server sees another. */
    private record Seen(String id, int port, String flags, String primary, List<String> slots) {

        static List<Seen> by(RedisServer server) {
            return server.call(Jedis::clusterNodes).lines().map(Seen::of).toList();
        }

        private static Seen of(String line) {
            List<String> words = List.of(line.split(" ", -1));
            String address = words.get(1);
            String port = address.substring(address.indexOf(':') + 1, address.indexOf('@'));
            return new Seen(
                    words.get(0),
                    Integer.parseInt(port),
                    words.get(2),
                    words.get(3),
                    words.subList(8, words.size()));
        }

        boolean isPrimary() {
            return flags.contains("master") && !flags.contains("fail");
        }

        boolean has(int slot) {
            return slots.stream()
                    .anyMatch(range -> {
                        if (range.startsWith("[")) {
                            return false;
                        }
                        int dash = range.indexOf('-');
                        int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
                        int last = Integer.parseInt(range.substring(dash + 1));
                        return first <= slot && slot <= last;
                    });
        }
    }

    @Override
    public Map<String, String> properties() {
        return Map.of(
                "coupon.redis.mode",
                "cluster",
                "coupon.redis.nodes",
                String.join(",", servers.stream().map(RedisServer::address).toList()),
                "coupon.redis.replicas-to-await",
                "1");
    }

    @Override
    public List<RedisServer> servers() {
        return servers;
    }

    private RedisServer at(int port) {
        return servers.stream().filter(server -> server.port() == port).findFirst().orElseThrow();
    }

    /** As those servers see it that answer and are not alone with their view. */
    @Override
    public RedisServer primary(String key) {
        int slot = JedisClusterCRC16.getSlot(key);
        for (RedisServer server : servers) {
            if (server.isPrimary()) {
                for (Seen seen : Seen.by(server)) {
                    if (seen.isPrimary() && seen.has(slot)) {
                        RedisServer owner = at(seen.port());
                        if (owner.equals(server) || owner.isPrimary()) {
                            return owner;
                        }
                    }
                }
            }
        }
        throw new IllegalStateException("no server has the slot of " + key);
    }

    @Override
    public List<RedisServer> replicas(RedisServer primary) {
        String id = id(primary);
        return Seen.by(primary).stream()
                .filter(seen -> seen.primary().equals(id))
                .map(seen -> at(seen.port()))
                .toList();
    }

    @Override
    public void switchOver(String key) {
        cluster(replicas(primary(key)).getFirst(), "FAILOVER");
    }

    /** Moves the slot of a key to another primary, key by key, while others use it. */
    void move(String key) {
        int slot = JedisClusterCRC16.getSlot(key);
        RedisServer owner = primary(key);
        RedisServer heir =
                servers.stream()
                        .filter(server -> !server.equals(owner) && server.isPrimary())
                        .findFirst()
                        .orElseThrow();
        heir.call(jedis -> jedis.clusterSetSlotImporting(slot, id(owner)));
        owner.call(jedis -> jedis.clusterSetSlotMigrating(slot, id(heir)));
        List<String> keys = owner.call(jedis -> jedis.clusterGetKeysInSlot(slot, 1_000));
        while (!keys.isEmpty()) {
            for (String one : keys) {
                owner.call(jedis ->
                        jedis.migrate(
                                "127.0.0.1",
                                heir.process().address().getPort(),
                                5_000,
                                MigrateParams.migrateParams(),
                                one));
                Pause.millis(30);
            }
            keys = owner.call(jedis -> jedis.clusterGetKeysInSlot(slot, 1_000));
        }
        String id = id(heir);
        heir.call(jedis -> jedis.clusterSetSlotNode(slot, id));
        owner.call(jedis -> jedis.clusterSetSlotNode(slot, id));
    }

    @Override
    public void relaunch(RedisServer server, String key) {
        server.process().relaunch();
    }

    @Override
    public boolean isInStep() {
        List<RedisServer> primaries = servers.stream().filter(RedisServer::isPrimary).toList();
        return primaries.size() == PRIMARIES
                && primaries.stream().allMatch(primary -> primary.replicasOnline() == 1)
                && servers.stream().allMatch(ClusterSetup::seesAllWell);
    }

    private static boolean seesAllWell(RedisServer server) {
        List<Seen> seen = Seen.by(server);
        return cluster(server, "INFO").contains("cluster_state:ok")
                && seen.size() == 2 * PRIMARIES
                && seen.stream().noneMatch(one -> one.flags().contains("fail"))
                && seen.stream().filter(Seen::isPrimary).count() == PRIMARIES
                && seen.stream().filter(Seen::isPrimary).noneMatch(one -> one.slots().isEmpty());
    }

    @Override
    public void close() {
        servers.forEach(RedisServer::close);
    }
}
