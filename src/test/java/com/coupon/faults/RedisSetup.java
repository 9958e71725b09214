package com.coupon.faults;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import redis.clients.jedis.Jedis;

/** Redis servers that take over from each other. Used by one thread. */
interface RedisSetup extends AutoCloseable {

    /** How the nodes of the application find it, all replicas awaited. */
    Map<String, String> properties();

    List<RedisServer> servers();

    /**
     * The server that everybody asks about a key at present.
     *
     * @throws RuntimeException if there is none
     */
    RedisServer primary(String key);

    /** The servers that may take over from one. */
    List<RedisServer> replicas(RedisServer primary);

    /** Hands a key over to a replica in an orderly way. */
    void switchOver(String key);

    /** Starts a killed server again, as a replica of whoever has taken over. */
    void relaunch(RedisServer server, String key);

    /** Whether every replica has all that its primary has. */
    boolean isInStep();

    /** Brings every server back and waits until all are in step. */
    default void heal() {
        for (RedisServer server : servers()) {
            server.relay().pass();
            if (server.process().signals().isAlive()) {
                server.process().signals().thaw();
            } else {
                relaunch(server, "");
            }
        }
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(this::isInStep);
    }

    /** Makes a call to the server that has a key. */
    default <T> T call(String key, Function<Jedis, T> call) {
        return primary(key).call(call);
    }

    @Override
    void close();
}
