package com.coupon.benchmark;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;

/**
 * How often Redis has run each command.
 *
 * @param calls by command, those from within scripts included
 */
record RedisCommands(Map<String, Long> calls) {

    private static final Pattern LINE = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");

    static RedisCommands of(Jedis redis) {
        Map<String, Long> calls = new TreeMap<>();
        Matcher line = LINE.matcher(redis.info("commandstats"));
        while (line.find()) {
            calls.put(line.group(1), Long.valueOf(line.group(2)));
        }
        return new RedisCommands(calls);
    }

    RedisCommands since(RedisCommands before) {
        Map<String, Long> more = new TreeMap<>();
        calls.forEach((command, count) -> {
            long difference = count - before.calls.getOrDefault(command, 0L);
            if (difference > 0) {
                more.put(command, difference);
            }
        });
        return new RedisCommands(more);
    }

    /** Calls of scripts, and waits for replicas: what comes from clients and not from scripts. */
    long fromClients() {
        return calls.entrySet().stream()
                .filter(call ->
                        call.getKey().startsWith("eval")
                                || call.getKey().startsWith("fcall")
                                || call.getKey().equals("wait"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    long all() {
        return calls.values().stream().mapToLong(Long::longValue).sum();
    }
}
