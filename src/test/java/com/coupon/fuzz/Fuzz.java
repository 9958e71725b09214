package com.coupon.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import com.coupon.fuzz.HostileClient.Reply;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends hostile requests and judges each answer. */
final class Fuzz {

    private static final JsonMapper JSON = new JsonMapper();

    /** What only somebody who looks inside can know. None of the requests has it in it. */
    private static final Pattern INSIDE =
            Pattern.compile(
                    "com\\.coupon|\\b(java|jakarta|org|tools|io|redis)\\.[a-z]+\\.|Exception|\\bat [\\w.$]+\\(|"
                            + "jdbc:|lua|SQLSTATE|Tomcat|Jackson|Jedis|Kafka");

    private static final int SAMPLES = 40;

    private final List<ApiOperation> operations;
    private final List<String> campaigns;
    private final HostileClient client;
    private final List<String> hosts;
    private final Set<String> codes;

    private final Map<String, Integer> tally = new TreeMap<>();
    private final List<Long> usedBytes = new ArrayList<>();
    private int sent;
    private int unanswered;

    /**
     * @param campaigns ids that exist
     * @param hosts addresses that nobody outside may hear of
     */
    Fuzz(
            List<ApiOperation> operations,
            List<String> campaigns,
            int port,
            Duration within,
            List<String> hosts) {
        this.operations = operations;
        this.campaigns = campaigns;
        this.client = new HostileClient(port, within);
        this.hosts = hosts;
        this.codes =
                operations.stream()
                        .flatMap(operation -> operation.answers().values().stream())
                        .flatMap(Set::stream)
                        .collect(Collectors.toSet());
        codes.addAll(Set.of("not-found", "method-not-allowed"));
    }

    /**
     * @param shrinkCycles how often to look for a smaller request that fails as well
     * @throws AssertionError with the request and the seed, if an answer is not as it has to be
     */
    void send(int requests, long seed, int shrinkCycles) {
        qt().withFixedSeed(seed)
                .withExamples(requests)
                .withShrinkCycles(shrinkCycles)
                .forAll(new HostileRequests(operations, campaigns))
                .checkAssert(request -> {
                    judge(request);
                    if (++sent % Math.max(1, requests / SAMPLES) == 0) {
                        usedBytes.add(usedAfterCollection());
                    }
                });
    }

    private void judge(HostileRequest request) {
        Optional<Reply> answer = client.send(request);
        if (answer.isEmpty()) {
            unanswered++;
            assertThat(request.strict())
                    .as("a request in order that is not answered at all")
                    .isFalse();
            return;
        }
        Reply reply = answer.get();
        tally.merge(request.operation() + " " + reply.status(), 1, Integer::sum);
        assertThat(reply.status()).as("status: %s", reply).isBetween(200, 499);
        String code = reply.status() < 400 ? "" : codeOf(request, reply);
        if (request.strict()) {
            assertThat(request.operation().answers())
                    .as("documented statuses: %s", reply)
                    .containsKey(reply.status());
            if (!code.isEmpty()) {
                assertThat(request.operation().answers().get(reply.status()))
                        .as("documented codes: %s", reply)
                        .contains(code);
            }
        }
    }

    /** The code of a problem that is well-formed, or nothing where there can be no body. */
    private String codeOf(HostileRequest request, Reply reply) {
        if (request.method().equals("HEAD")) {
            return "";
        }
        assertThat(reply.headers().getOrDefault("content-type", ""))
                .as("type: %s", reply)
                .startsWith("application/problem+json");
        JsonNode problem = parsed(reply);
        String code = problem.path("code").asString("");
        assertThat(codes).as("known codes: %s", reply).contains(code);
        assertThat(problem.path("type").asString("")).isEqualTo("urn:coupon:problem:" + code);
        assertThat(problem.path("status").asInt())
                .as("status: %s", reply)
                .isEqualTo(reply.status());
        assertThat(problem.path("title").asString("")).as("title: %s", reply).isNotBlank();
        String inside = problem.path("title").asString("") + problem.path("detail").asString("");
        assertThat(INSIDE.matcher(inside + reply.headers()).find())
                .as("inside: %s", reply)
                .isFalse();
        assertThat(INSIDE.matcher(reply.body()).find()).as("inside: %s", reply).isFalse();
        assertThat(hosts).as("hosts: %s", reply).noneMatch(reply.body()::contains);
        return code;
    }

    private static JsonNode parsed(Reply reply) {
        try {
            return JSON.readTree(reply.body());
        } catch (JacksonException e) {
            throw new AssertionError("This is not JSON: " + reply, e);
        }
    }

    private static long usedAfterCollection() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** How often each status was answered, by operation. */
    Map<String, Integer> tally() {
        return tally;
    }

    /** Requests whose connection was closed without a word. */
    int unanswered() {
        return unanswered;
    }

    /** The heap in use, taken at even distances. */
    List<Long> usedBytes() {
        return usedBytes;
    }
}
