package com.coupon.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;

/**
 * Claims with the script of the service, each by a call of its own. This is the one place of the
 * benchmark that knows what the script is told and what it replies. Thread-safe.
 */
final class OneByOne implements AutoCloseable {

    private static final int CONNECTIONS = 64;
    private static final int SEED_BYTES = 32;

    private final RedisClient client;
    private final SecureRandom random = new SecureRandom();
    private final byte[] sha;

    /**
     * @param redis as host:port
     */
    OneByOne(String redis) {
        HostAndPort address = HostAndPort.from(redis);
        var pool = new ConnectionPoolConfig();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        pool.setMinIdle(CONNECTIONS);
        this.client = RedisClient.builder().hostAndPort(address).poolConfig(pool).build();
        this.sha = load(address).getBytes(UTF_8);
    }

    /** Makes the script known to a server, and gives its name there. */
    static String load(HostAndPort address) {
        try (InputStream script =
                        Objects.requireNonNull(
                                OneByOne.class.getResourceAsStream("/lua/claim_coupons.lua"));
                var connection = new Jedis(address)) {
            return connection.scriptLoad(new String(script.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The keys of the script. */
    static List<String> keys(String campaign) {
        return Stream.of("campaign", "stock", "participants", "outbox", "eligible")
                .map(name -> "coupon:{" + campaign + "}:" + name)
                .toList();
    }

    /**
     * What the script is told before the members: somebody who has seen nothing of the campaign.
     *
     * @param seed 32 bytes
     */
    static List<byte[]> arguments(byte[] seed) {
        return List.of(
                "claim".getBytes(UTF_8),
                seed,
                "0".getBytes(UTF_8),
                "*".getBytes(UTF_8),
                "0".getBytes(UTF_8),
                "0".getBytes(UTF_8));
    }

    /** What a member is told, and of a coupon its serial and code. */
    Map<String, String> claim(String campaign, String member) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        List<byte[]> keys = keys(campaign).stream().map(key -> key.getBytes(UTF_8)).toList();
        List<byte[]> arguments = new ArrayList<>(arguments(seed));
        arguments.add(member.getBytes(UTF_8));
        List<?> reply = (List<?>) client.evalsha(sha, keys, arguments);
        List<?> answers = (List<?>) reply.get(9);
        if (answers.getFirst() instanceof List<?> won) {
            return Map.of(
                    "status",
                    text(won.get(0)),
                    "serial",
                    text(won.get(1)),
                    "code",
                    text(won.get(2)));
        }
        return Map.of("status", text(answers.getFirst()));
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
