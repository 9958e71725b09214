package com.coupon.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.Campaigns;
import com.coupon.Http;
import com.coupon.IntegrationTest;
import com.coupon.servers.RunningServers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/**
 * Whatever is sent, the answer comes soon, is one of those that the API document has, and tells
 * nothing of the inside; and nothing is left behind. {@code -Dcoupon.fuzz.requests} says how many
 * are sent, {@code -Dcoupon.fuzz.seed} which.
 */
@IntegrationTest
class FuzzIT {

    private static final int REQUESTS = Integer.getInteger("coupon.fuzz.requests", 20_000);

    /**
     * The same in every build, so that what fails there fails here; others are for whoever hunts.
     */
    private static final long SEED = Long.getLong("coupon.fuzz.seed", 1);

    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Pattern KEY = Pattern.compile("coupon:\\{(.*)}:.*", Pattern.DOTALL);
    private static final long STEADY_WITHIN_BYTES = 48 << 20;

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;

    private final List<ApiOperation> operations = ApiOperation.all();

    @Test
    void hostileRequestsAreAnsweredInOrderAndLeaveNothingBehind() {
        List<String> campaigns =
                IntStream.range(0, 5).mapToObj(i -> Campaigns.newId().value()).toList();
        campaigns.forEach(campaign -> new Http(port).open(campaign, 500));
        Set<String> keysBefore = keys();
        List<String> hosts =
                Stream.concat(
                                Stream.of(RunningServers.get().redis()),
                                Stream.of(RunningServers.get().kafka().split(",")))
                        .toList();
        var fuzz = new Fuzz(operations, campaigns, port, WITHIN, hosts);

        try {
            fuzz.send(REQUESTS, SEED, 50);
        } finally {
            System.out.printf(
                    "%,d hostile requests, seed %d, %,d of them closed without a word%n%s%n",
                    REQUESTS, SEED, fuzz.unanswered(), table(fuzz));
        }

        assertThat(operations)
                .as("operations that were asked")
                .allMatch(operation ->
                        fuzz.tally().keySet().stream()
                                .anyMatch(asked -> asked.startsWith(operation + " ")));
        assertThat(
                        keys().stream()
                                .filter(key -> !keysBefore.contains(key))
                                .map(KEY::matcher)
                                .filter(Matcher::matches)
                                .map(key -> key.group(1)))
                .as("campaigns of new keys in Redis")
                .isSubsetOf(armed());
        assertThat(keys().stream().filter(key -> !KEY.matcher(key).matches()))
                .as("other keys in Redis")
                .isSubsetOf(
                        Stream.concat(keysBefore.stream(), Stream.of("coupon:campaigns")).toList());
        assertThat(isSteady(fuzz.usedBytes()))
                .as("steady: heap in use, in bytes: %s", fuzz.usedBytes())
                .isTrue();
    }

    private static String table(Fuzz fuzz) {
        return fuzz.tally().entrySet().stream()
                .map(entry -> "%,8d  %s".formatted(entry.getValue(), entry.getKey()))
                .collect(Collectors.joining("\n"));
    }

    private static Set<String> keys() {
        try (Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
            return redis.keys("*");
        }
    }

    private List<String> armed() {
        return jdbc.sql("SELECT id FROM campaigns WHERE armed")
                .query((row, number) -> String.valueOf(row.getString("id")))
                .list();
    }

    /** Whether the least of the last third is hardly more than the least of the second. */
    private static boolean isSteady(List<Long> usedBytes) {
        int third = usedBytes.size() / 3;
        return least(usedBytes.subList(2 * third, usedBytes.size()))
                < least(usedBytes.subList(third, 2 * third)) + STEADY_WITHIN_BYTES;
    }

    private static long least(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).min().orElse(0);
    }

    @Test
    void aHeapThatGrowsIsNoticed() {
        long each = 5_000; // bytes that each request leaves behind
        assertThat(isSteady(samples(each))).isFalse();
        assertThat(isSteady(samples(0))).isTrue();
    }

    private static List<Long> samples(long leftByEach) {
        return LongStream.range(0, 40)
                .mapToObj(i -> (100L << 20) + i * 500 * leftByEach * 2)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "500, application/problem+json, '{\"type\":\"urn:coupon:problem:internal-error\",\"title\":\"t\",\"status\":500,\"code\":\"internal-error\"}', status",
                "503, application/problem+json, '{\"type\":\"urn:coupon:problem:unavailable\",\"title\":\"t\",\"status\":503,\"code\":\"unavailable\"}', status",
                "418, application/problem+json, '{\"type\":\"urn:coupon:problem:invalid-request\",\"title\":\"t\",\"status\":418,\"code\":\"invalid-request\"}', documented statuses",
                "400, application/problem+json, '{\"type\":\"urn:coupon:problem:sold-out\",\"title\":\"t\",\"status\":400,\"code\":\"sold-out\"}', documented codes",
                "400, application/problem+json, '{\"type\":\"urn:coupon:problem:teapot\",\"title\":\"t\",\"status\":400,\"code\":\"teapot\"}', known codes",
                "400, application/problem+json, '{\"type\":\"urn:coupon:problem:invalid-request\",\"title\":\"\",\"status\":400,\"code\":\"invalid-request\"}', title",
                "400, application/problem+json, '{\"type\":\"urn:coupon:problem:invalid-request\",\"title\":\"t\",\"status\":400,\"code\":\"invalid-request\",\"detail\":\"com.coupon.Secret\"}', inside",
                "400, application/problem+json, '{\"type\":\"urn:coupon:problem:invalid-request\",\"title\":\"t\",\"status\":400,\"code\":\"invalid-request\",\"detail\":\"at x.y.Z(Z.java)\"}', inside",
                "400, application/problem+json, '{\"type\":\"urn:coupon:problem:invalid-request\",\"title\":\"t\",\"status\":400,\"code\":\"invalid-request\",\"detail\":\"redis.internal:6379\"}', hosts",
                "400, text/html, '<html>', type",
                "400, application/problem+json, '<html>', not JSON",
                "200, application/json, '', no answer"
            })
    void anAnswerThatMustNotBeIsFound(int status, String type, String body, String complaint)
            throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("Content-Type", type);
                    // a length that is promised and not kept: the client waits for it
                    exchange.sendResponseHeaders(status, bytes.length == 0 ? 10 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.getResponseBody().flush();
                });
        server.start();
        try {
            var fuzz =
                    new Fuzz(
                            operations,
                            List.of("welcome"),
                            server.getAddress().getPort(),
                            Duration.ofMillis(500),
                            List.of("redis.internal:6379"));
            assertThatThrownBy(() -> fuzz.send(200, 1, 0))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(complaint)
                    .hasMessageContaining("Seed was 1");
        } finally {
            server.stop(0);
        }
    }
}
