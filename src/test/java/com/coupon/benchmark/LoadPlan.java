package com.coupon.benchmark;

import static com.coupon.Options.number;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a load generator does.
 *
 * @param ports of this machine; connections take turns
 * @param paths that are posted to; requests take turns
 * @param tokens a file of bearer tokens, one a line, or null where members are named in a header
 * @param firstMember number of the first member
 * @param connections that are kept alive, with one request each
 * @param perSecond arrivals a second, or 0 to send as fast as is answered
 * @param warmUp seconds before counting starts
 * @param seconds that are counted
 * @param timeoutMillis how long a client waits at most, from when it wanted to send
 * @param waiting arrivals that wait for a free connection at most
 * @param threads event loops
 * @param watched processes whose CPU time is taken
 * @param rehearsal where the generator itself warms up beforehand, or null
 * @param await where to wait for the answer 200 after the rehearsal, or null
 */
record LoadPlan(
        List<Integer> ports,
        List<String> paths,
        @Nullable Path tokens,
        long firstMember,
        int connections,
        int perSecond,
        int warmUp,
        int seconds,
        int timeoutMillis,
        int waiting,
        int threads,
        List<Long> watched,
        @Nullable Rehearsal rehearsal,
        @Nullable String await) {

    private static final int MOST_SECONDS = 3_600;
    private static final int MOST_WAITING = 1_000_000;

    /**
     * Of the generator, so that it is not the one that is cold.
     *
     * @param seconds for how long
     */
    record Rehearsal(int port, String path, int seconds) {

        static Rehearsal parse(String value) {
            String[] parts = value.split(",", -1);
            return new Rehearsal(
                    number("rehearsal", parts[0], 65_535),
                    parts[1],
                    number("rehearsal", parts[2], MOST_SECONDS));
        }
    }

    /** As fast as is answered. */
    static LoadPlan closed(int port, String path, int connections, int warmUp, int seconds) {
        return new LoadPlan(
                List.of(port),
                List.of(path),
                null,
                0,
                connections,
                0,
                warmUp,
                seconds,
                10_000,
                1,
                1,
                List.of(),
                null,
                null);
    }

    /** So many a second, whatever becomes of them. */
    LoadPlan open(int arrivalsPerSecond) {
        int most = Math.clamp(2L * arrivalsPerSecond, 1_000, MOST_WAITING);
        return with("per-second", arrivalsPerSecond).with("waiting", most);
    }

    LoadPlan at(List<Integer> others) {
        return with("ports", join(others));
    }

    LoadPlan to(List<String> others) {
        return with("paths", String.join(",", others));
    }

    LoadPlan with(Path bearerTokens) {
        return with("tokens", bearerTokens);
    }

    LoadPlan from(long member) {
        return with("first-member", member);
    }

    LoadPlan watching(List<Long> pids) {
        return with("watch", join(pids));
    }

    LoadPlan on(int parallel) {
        return with("connections", parallel);
    }

    LoadPlan lasting(int longer) {
        return with("seconds", longer);
    }

    /** Counts from then on. */
    LoadPlan settlingFor(int someSeconds) {
        return with("warm-up", someSeconds);
    }

    LoadPlan givingUpAfter(int millis) {
        return with("timeout-ms", millis);
    }

    LoadPlan after(int port, String path, int rehearsalSeconds, String ready) {
        return with("rehearsal", port + "," + path + "," + rehearsalSeconds).with("await", ready);
    }

    boolean isOpen() {
        return perSecond > 0;
    }

    /** As the command line says it. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add("--ports=" + join(ports));
        arguments.add("--paths=" + String.join(",", paths));
        if (tokens != null) {
            arguments.add("--tokens=" + tokens);
        }
        arguments.add("--first-member=" + firstMember);
        arguments.add("--connections=" + connections);
        arguments.add("--per-second=" + perSecond);
        arguments.add("--warm-up=" + warmUp);
        arguments.add("--seconds=" + seconds);
        arguments.add("--timeout-ms=" + timeoutMillis);
        arguments.add("--waiting=" + waiting);
        arguments.add("--threads=" + threads);
        if (!watched.isEmpty()) {
            arguments.add("--watch=" + join(watched));
        }
        if (rehearsal != null) {
            arguments.add(
                    "--rehearsal=%d,%s,%d"
                            .formatted(rehearsal.port(), rehearsal.path(), rehearsal.seconds()));
        }
        if (await != null) {
            arguments.add("--await=" + await);
        }
        return arguments;
    }

    private static String join(List<? extends Number> numbers) {
        return numbers.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    /**
     * @throws IllegalArgumentException if an option is unknown or invalid
     */
    static LoadPlan parse(String... args) {
        LoadPlan plan = closed(0, "/", 64, 0, 5);
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (!arg.startsWith("--") || equals < 0) {
                throw new IllegalArgumentException("'" + arg + "' is not an option.");
            }
            plan = plan.with(arg.substring(2, equals), arg.substring(equals + 1));
        }
        return plan;
    }

    private LoadPlan with(String name, Object argument) {
        String value = argument.toString();
        List<Integer> ports = this.ports;
        List<String> paths = this.paths;
        Path tokens = this.tokens;
        long firstMember = this.firstMember;
        int connections = this.connections;
        int perSecond = this.perSecond;
        int warmUp = this.warmUp;
        int seconds = this.seconds;
        int timeoutMillis = this.timeoutMillis;
        int waiting = this.waiting;
        int threads = this.threads;
        List<Long> watched = this.watched;
        Rehearsal rehearsal = this.rehearsal;
        String await = this.await;
        switch (name) {
            case "ports" -> ports = numbers(value).stream().map(Math::toIntExact).toList();
            case "paths" -> paths = List.of(value.split(",", -1));
            case "tokens" -> tokens = Path.of(value);
            case "first-member" -> firstMember = Long.parseLong(value);
            case "connections" -> connections = number(name, value, 16_000);
            case "per-second" -> perSecond = numberOrNone(name, value, 1_000_000);
            case "warm-up" -> warmUp = numberOrNone(name, value, MOST_SECONDS);
            case "seconds" -> seconds = number(name, value, MOST_SECONDS);
            case "timeout-ms" -> timeoutMillis = number(name, value, 120_000);
            case "waiting" -> waiting = number(name, value, MOST_WAITING);
            case "threads" -> threads = number(name, value, 8);
            case "watch" -> watched = numbers(value);
            case "rehearsal" -> rehearsal = Rehearsal.parse(value);
            case "await" -> await = value;
            default -> throw new IllegalArgumentException("There is no option --" + name + ".");
        }
        return new LoadPlan(
                ports,
                paths,
                tokens,
                firstMember,
                connections,
                perSecond,
                warmUp,
                seconds,
                timeoutMillis,
                waiting,
                threads,
                watched,
                rehearsal,
                await);
    }

    private static int numberOrNone(String name, String value, int most) {
        return value.equals("0") ? 0 : number(name, value, most);
    }

    private static List<Long> numbers(String value) {
        return Arrays.stream(value.split(",", -1)).map(Long::valueOf).toList();
    }
}
