package com.coupon.faults;

import com.coupon.servers.RedisProcess;
import com.coupon.servers.ReplicationRelay;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A server of a setup. Everybody knows it by the address of its relay; faults reach it directly.
 *
 * @param relay before it
 */
record RedisServer(RedisProcess process, ReplicationRelay relay) implements AutoCloseable {

    /** The port it is known by. */
    int port() {
        return relay.port();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    <T> T call(Function<Jedis, T> call) {
        try (Jedis jedis = process.connect()) {
            return call.apply(jedis);
        }
    }

    /** A field of {@code INFO replication}, or nothing where the server does not answer. */
    String replication(String field) {
        try {
            String info = call(jedis -> jedis.info("replication"));
            Matcher line = Pattern.compile("(?m)^" + field + ":(.*?)\\r?$").matcher(info);
            return line.find() ? line.group(1) : "";
        } catch (JedisException e) {
            return "";
        }
    }

    boolean isPrimary() {
        return "master".equals(replication("role"));
    }

    /** How many replicas are in step. */
    int replicasOnline() {
        try {
            String info = call(jedis -> jedis.info("replication"));
            return info.split("state=online", -1).length - 1;
        } catch (JedisException e) {
            return 0;
        }
    }

    void configure(Map<String, String> settings) {
        settings.forEach((name, value) -> call(jedis -> jedis.configSet(name, value)));
    }

    @Override
    public void close() {
        relay.close();
        if (process.signals().isAlive()) {
            process.signals().thaw();
            process.close();
        }
    }
}
