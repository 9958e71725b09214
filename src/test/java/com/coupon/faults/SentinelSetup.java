package com.coupon.faults;

import static org.awaitility.Awaitility.await;

import com.coupon.servers.RedisProcess;
import com.coupon.servers.ReplicationRelay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;

/** A primary, two replicas and a sentinel that gives up on a server after a second. */
final class SentinelSetup implements RedisSetup {

    private static final String MASTER = "coupons";
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);

    private final List<RedisServer> servers = new ArrayList<>();
    private final RedisProcess sentinel;

    SentinelSetup(Path folder) {
        for (int number = 0; number < 3; number++) {
            int port = RedisProcess.freePort();
            var relay = new ReplicationRelay(port);
            List<String> settings =
                    new ArrayList<>(
                            List.of(
                                    "replica-announce-ip 127.0.0.1",
                                    "replica-announce-port " + relay.port()));
            if (number > 0) {
                settings.add("replicaof 127.0.0.1 " + servers.getFirst().port());
            }
            servers.add(
                    new RedisServer(
                            RedisProcess.start(port, folder, settings.toArray(String[]::new)),
                            relay));
        }
        var first = new HostAndPort("127.0.0.1", servers.getFirst().port());
        sentinel = RedisProcess.sentinel(folder, MASTER, first);
        heal();
    }

    @Override
    public Map<String, String> properties() {
        return Map.of(
                "coupon.redis.mode",
                "sentinel",
                "coupon.redis.nodes",
                sentinel.address().toString(),
                "coupon.redis.sentinel-master",
                MASTER,
                "coupon.redis.replicas-to-await",
                "2");
    }

    @Override
    public List<RedisServer> servers() {
        return servers;
    }

    @Override
    public RedisServer primary(String key) {
        try (Jedis jedis = sentinel.connect()) {
            int port = Integer.parseInt(jedis.sentinelGetMasterAddrByName(MASTER).get(1));
            return servers.stream()
                    .filter(server -> server.port() == port)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Override
    public List<RedisServer> replicas(RedisServer primary) {
        return servers.stream().filter(server -> !server.equals(primary)).toList();
    }

    @Override
    public void switchOver(String key) {
        await().atMost(LONG_ENOUGH)
                .ignoreException(JedisDataException.class)
                .until(() -> {
                    try (Jedis jedis = sentinel.connect()) {
                        jedis.sendCommand(Protocol.Command.SENTINEL, "FAILOVER", MASTER);
                        return true;
                    }
                });
    }

    @Override
    public void relaunch(RedisServer server, String key) {
        RedisServer primary = primary(key);
        if (primary.equals(server)) {
            server.process().relaunch();
        } else {
            server.process().relaunch("--replicaof", "127.0.0.1", Integer.toString(primary.port()));
        }
    }

    /** What a sentinel has not seen yet it cannot promote, so it has to know both. */
    @Override
    public boolean isInStep() {
        RedisServer primary = primary("");
        try (Jedis jedis = sentinel.connect()) {
            List<Map<String, String>> known = jedis.sentinelReplicas(MASTER);
            boolean follow =
                    replicas(primary).stream()
                            .allMatch(replica ->
                                    known.stream().anyMatch(one -> isSound(one, replica, primary)));
            return primary.isPrimary() && primary.replicasOnline() == 2 && follow;
        }
    }

    private static boolean isSound(
            Map<String, String> known, RedisServer replica, RedisServer primary) {
        return Integer.toString(replica.port()).equals(known.get("port"))
                && "slave".equals(known.get("flags"))
                && Integer.toString(primary.port()).equals(known.get("master-port"))
                && "ok".equals(known.get("master-link-status"));
    }

    @Override
    public void close() {
        sentinel.close();
        servers.forEach(RedisServer::close);
    }
}
