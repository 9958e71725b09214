package com.coupon.issuance.adapter.out.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.util.SafeEncoder;

/**
 * A script from {@code lua/}, called by its hash and loaded where a server does not have it.
 * Thread-safe.
 */
final class RedisScript {

    private final byte[] source;
    private final String hash;

    private RedisScript(byte[] source) {
        this.source = source;
        try {
            this.hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static RedisScript named(String name) {
        try {
            return new RedisScript(
                    new ClassPathResource("lua/" + name + ".lua").getContentAsByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Object call(Connection connection, List<String> keys, List<byte[]> arguments) {
        var command = new CommandArguments(Command.EVALSHA).add(hash).add(keys.size());
        keys.forEach(command::key);
        arguments.forEach(command::add);
        try {
            return connection.executeCommand(command);
        } catch (JedisNoScriptException e) {
            connection.executeCommand(new CommandArguments(Command.SCRIPT).add("LOAD").add(source));
            return connection.executeCommand(command);
        }
    }

    static List<byte[]> arguments(Object... arguments) {
        return List.of(arguments).stream()
                .map(argument -> argument.toString().getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    static String text(Object reply) {
        return SafeEncoder.encode((byte[]) reply);
    }

    static long number(Object reply) {
        return reply instanceof Long number ? number : Long.parseLong(text(reply));
    }

    @SuppressWarnings("unchecked") // what a RESP array is
    static List<Object> list(Object reply) {
        return (List<Object>) reply;
    }
}
