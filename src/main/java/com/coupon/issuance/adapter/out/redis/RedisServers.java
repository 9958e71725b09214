package com.coupon.issuance.adapter.out.redis;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.util.SafeEncoder;

/**
 * The servers of one setup: finds the one that holds a key, follows it when it moves, and says what
 * a failure means.
 *
 * <p>Calls are made on a connection that the caller sees, because WAIT tells only of the writes of
 * its own connection. Thread-safe.
 */
final class RedisServers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisServers.class);

    /** A key moves once, and its new owner may have to be looked for twice. */
    private static final int MAX_REDIRECTIONS = 3;

    /**
     * Refusals of the server that come before the first write of a script, so that nothing was
     * decided.
     */
    private static final List<String> UNDECIDED =
            List.of(
                    "BUSY",
                    "CLUSTERDOWN",
                    "LOADING",
                    "MASTERDOWN",
                    "MISCONF",
                    "NOAUTH",
                    "NOREPLICAS",
                    "NOSCRIPT",
                    "OOM",
                    "READONLY",
                    "TRYAGAIN",
                    "WRONGPASS");

    private final ConnectionProvider provider;

    /** Connections whose server is known never to evict a key. */
    private final Set<Connection> checked =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    RedisServers(ConnectionProvider provider) {
        this.provider = provider;
    }

    /** What came of a call, and the connection it was made on. */
    record Answer<T>(T value, Connection connection) {}

    /**
     * Makes a call to the server that holds the key.
     *
     * @throws IssuanceUnavailableException if there is no answer
     */
    <T> T call(String key, Function<Connection, T> call) {
        Answer<T> answer = callAndKeep(key, call);
        answer.connection().close();
        return answer.value();
    }

    /**
     * Makes a call to the server that holds the key and leaves its connection to the caller, who
     * closes it.
     *
     * @throws IssuanceUnavailableException if there is no answer
     */
    <T> Answer<T> callAndKeep(String key, Function<Connection, T> call) {
        Connection connection = connect(key);
        for (int redirections = 0; ; redirections++) {
            try {
                return new Answer<>(call.apply(connection), connection);
            } catch (JedisMovedDataException | JedisAskDataException e) {
                connection.close();
                if (redirections == MAX_REDIRECTIONS
                        || !(provider instanceof ClusterConnectionProvider cluster)) {
                    throw new IssuanceUnavailableException(Reason.UNDECIDED, e);
                }
                connection = follow(cluster, e);
            } catch (JedisException e) {
                connection.close();
                lookAround(e);
                throw new IssuanceUnavailableException(reason(e), e);
            } catch (RuntimeException e) {
                connection.close();
                throw e;
            }
        }
    }

    private Connection connect(String key) {
        try {
            return check(provider.getConnection(new CommandArguments(Command.EVALSHA).key(key)));
        } catch (JedisException e) {
            lookAround(e);
            throw new IssuanceUnavailableException(Reason.UNDECIDED, e);
        }
    }

    /** A server of a cluster that is gone may have a successor by now. */
    private void lookAround(JedisException failure) {
        if (failure instanceof JedisConnectionException
                && provider instanceof ClusterConnectionProvider cluster) {
            try {
                cluster.renewSlotCache();
            } catch (JedisException e) {
                log.debug("No server of the cluster could be asked for its slots", e);
            }
        }
    }

    private Connection follow(ClusterConnectionProvider cluster, JedisDataException redirection) {
        try {
            if (redirection instanceof JedisAskDataException ask) {
                return asking(check(cluster.getConnection(ask.getTargetNode())));
            }
            cluster.renewSlotCache();
            return check(
                    cluster.getConnection(((JedisMovedDataException) redirection).getTargetNode()));
        } catch (JedisException e) {
            throw new IssuanceUnavailableException(Reason.UNDECIDED, e);
        }
    }

    private static Connection asking(Connection connection) {
        try {
            connection.executeCommand(Command.ASKING);
            return connection;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Whether replicas have what was last written on this connection.
     *
     * @param replicas how many must; 0 is true at once
     * @param budget how long they have, shorter than the connection's own time-out
     */
    static boolean isReplicated(Connection connection, int replicas, Duration budget) {
        if (replicas == 0) {
            return true;
        }
        try {
            var wait = new CommandArguments(Command.WAIT).add(replicas).add(budget.toMillis());
            return (Long) connection.executeCommand(wait) >= replicas;
        } catch (JedisException e) {
            return false;
        }
    }

    /** A server that may evict keys would lose winners without a word, so it is not worked with. */
    private Connection check(Connection connection) {
        if (checked.contains(connection)) {
            return connection;
        }
        try {
            String memory =
                    SafeEncoder.encode(
                            (byte[])
                                    connection.executeCommand(
                                            new CommandArguments(Command.INFO).add("memory")));
            if (memory.contains("maxmemory_policy:")
                    && !memory.contains("maxmemory_policy:noeviction")) {
                log.error(
                        "Redis may evict keys: set its maxmemory-policy to noeviction. Until then nothing is issued.");
                throw new IssuanceUnavailableException(Reason.UNDECIDED);
            }
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
        checked.add(connection);
        return connection;
    }

    /**
     * Redis 6.2 wraps an error that strikes inside a script in another one, so the code may stand
     * anywhere in it.
     */
    private static Reason reason(JedisException failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof JedisConnectionException
                || !(failure instanceof JedisDataException)) {
            return Reason.UNKNOWN;
        }
        if (message.contains("WRONGTYPE")) {
            return Reason.RECOVERING;
        }
        return UNDECIDED.stream().anyMatch(code -> message.matches("(?s)(.*\\W)?" + code + "\\W.*"))
                ? Reason.UNDECIDED
                : Reason.UNKNOWN;
    }

    @Override
    public void close() {
        try {
            provider.close();
        } catch (Exception e) {
            log.warn("Closing the connections to Redis failed: {}", e.toString());
        }
    }
}
