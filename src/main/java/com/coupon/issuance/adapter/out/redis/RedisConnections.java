package com.coupon.issuance.adapter.out.redis;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.shared.EveryRole;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;
import redis.clients.jedis.providers.SentineledConnectionProvider;

/**
 * Opens pools of connections to a single server, Sentinel or Cluster, whichever is configured.
 * Thread-safe.
 */
@EveryRole
final class RedisConnections implements AutoCloseable {

    /** Changes of one campaign that are announced at once each have to be announced anew. */
    private static final int MAX_ANNOUNCEMENTS = 10;

    private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(30);

    private final RedisProperties properties;
    private final RedisServers shared;

    RedisConnections(RedisProperties properties) {
        this.properties = properties;
        this.shared = reserve();
    }

    /** The servers, through the connections that everything but claims shares. */
    RedisServers shared() {
        return shared;
    }

    /**
     * The servers, through connections of the caller's own.
     *
     * @param connections how many per server at most
     */
    RedisServers reserve(int connections) {
        GenericObjectPoolConfig<Connection> pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        pool.setMaxWait(properties.maxWait());
        Set<HostAndPort> nodes =
                properties.nodes().stream()
                        .map(HostAndPort::from)
                        .collect(Collectors.toUnmodifiableSet());
        JedisClientConfig client = client(properties.user(), properties.password());
        ConnectionProvider provider =
                switch (properties.mode()) {
                    case STANDALONE ->
                            new PooledConnectionProvider(
                                    HostAndPort.from(only(properties.nodes())), client, pool);
                    case SENTINEL ->
                            new SentineledConnectionProvider(
                                    properties.sentinelMaster(),
                                    client,
                                    pool,
                                    nodes,
                                    client(
                                            properties.sentinelUser(),
                                            properties.sentinelPassword()));
                    case CLUSTER ->
                            new ClusterConnectionProvider(nodes, client, pool, TOPOLOGY_REFRESH);
                };
        return new RedisServers(provider);
    }

    private JedisClientConfig client(@Nullable String user, @Nullable String password) {
        var config =
                DefaultJedisClientConfig.builder()
                        .user(user)
                        .password(password)
                        .connectionTimeoutMillis((int) properties.connectTimeout().toMillis())
                        .socketTimeoutMillis((int) properties.timeout().toMillis())
                        .protocol(RedisProtocol.RESP2);
        if (properties.tls()) {
            config.sslOptions(SslOptions.defaults());
        }
        return config.build();
    }

    private static String only(List<String> nodes) {
        if (nodes.size() != 1) {
            throw new IllegalArgumentException(
                    "coupon.redis.nodes names one server in mode STANDALONE.");
        }
        return nodes.getFirst();
    }

    /** A wait that is longer would end with its connection, and tell nothing. */
    void requireShorterThanTimeout(String property, Duration wait) {
        if (wait.compareTo(properties.timeout()) >= 0) {
            throw new IllegalArgumentException(
                    property + " must be shorter than coupon.redis.timeout.");
        }
    }

    /**
     * The servers, through connections of the caller's own, as many as are shared by the others.
     */
    RedisServers reserve() {
        return reserve(properties.connections());
    }

    /**
     * Makes a call that writes, to the server that holds the key, and waits until the replicas have
     * what it wrote: what is said to be there counts only then.
     *
     * @throws IssuanceUnavailableException if there is no answer, or the replicas do not follow
     */
    <T> T callAndConfirm(String key, Function<Connection, T> call) {
        return shared.call(
                key,
                connection -> {
                    T reply = call.apply(connection);
                    if (!RedisServers.isReplicated(
                            connection, properties.replicasToAwait(), replicationBudget())) {
                        throw new IssuanceUnavailableException(Reason.UNKNOWN);
                    }
                    return reply;
                });
    }

    /**
     * Makes a change to a campaign. Where nodes may answer from memory what was before, the script
     * only announces it at first, replying {@code REMEMBERED} and for how many milliseconds; so the
     * call is repeated after these.
     *
     * @throws IssuanceUnavailableException if others always come first
     */
    static List<Object> change(Supplier<List<Object>> call) {
        for (int tries = 0; tries < MAX_ANNOUNCEMENTS; tries++) {
            List<Object> reply = call.get();
            if (!RedisScript.text(reply.getFirst()).equals("REMEMBERED")) {
                return reply;
            }
            rest(Duration.ofMillis(RedisScript.number(reply.get(1))));
        }
        throw new IssuanceUnavailableException(Reason.UNDECIDED);
    }

    private static void rest(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** How long replicas have to follow a change; a longer wait would end with its connection. */
    Duration replicationBudget() {
        return properties.timeout().dividedBy(2);
    }

    int replicasToAwait() {
        return properties.replicasToAwait();
    }

    @Override
    public void close() {
        shared.close();
    }
}
