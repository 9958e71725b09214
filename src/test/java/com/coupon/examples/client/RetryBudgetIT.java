package com.coupon.examples.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.IntegrationTest;
import com.coupon.examples.client.ClaimAnswer.Unknown;
import com.coupon.examples.client.ClaimAnswer.Won;
import com.coupon.examples.client.ClaimClient.Caller;
import com.coupon.servers.RunningServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A process that acts for many members meets a node that lets in a few, and no more for an hour.
 * How much more is asked of that node than of one that answers follows from the budget, and without
 * one from the number of attempts. No wait is waited for.
 */
@IntegrationTest
class RetryBudgetIT {

    private static final int MEMBERS = 150;
    private static final int LET_IN = 20;
    private static final int ATTEMPTS = 6;
    private static final int PERCENT = 10;
    private static final int RESERVE = 10;
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    @LocalServerPort private int port;

    private final String campaign = Campaigns.newId().value();
    private final HttpClient connections = ClaimClient.http();
    private ConfigurableApplicationContext node;
    private URI service;
    private ClaimRequests requests;

    @BeforeEach
    void start() {
        new Http(port).open(campaign, MEMBERS);
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("coupon.security.identity", "header");
        // or its own claims would be counted
        properties.put("coupon.issuance.warm-up.claims", "0");
        properties.put("coupon.web.rate-limits.member.enabled", "false");
        properties.put("coupon.web.rate-limits.node.capacity", Integer.toString(LET_IN));
        properties.put("coupon.web.rate-limits.node.refill", "1");
        properties.put("coupon.web.rate-limits.node.period", "1h");
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles("api");
        node =
                application.run(
                        properties.entrySet().stream()
                                .map(it -> "--" + it.getKey() + "=" + it.getValue())
                                .toArray(String[]::new));
        service =
                URI.create(
                        "http://127.0.0.1:"
                                + node.getEnvironment().getRequiredProperty("local.server.port"));
        requests = new ClaimRequests(node.getBean(MeterRegistry.class));
    }

    @AfterEach
    void stop() {
        connections.shutdownNow();
        node.close();
    }

    /**
     * What all members hear, and how many claims were repeated for it.
     *
     * @param answers in no order
     */
    private record Told(List<ClaimAnswer> answers, long repeats) {}

    private Told crowd(RetryBudget budget) throws InterruptedException, ExecutionException {
        var repeats = new AtomicLong();
        List<ClaimAnswer> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<ClaimAnswer>> claims =
                    IntStream.range(0, MEMBERS)
                            .<Callable<ClaimAnswer>>mapToObj(
                                    member -> () -> claim(member, budget, repeats))
                            .toList();
            for (Future<ClaimAnswer> answer : threads.invokeAll(claims)) {
                answers.add(answer.get());
            }
        }
        return new Told(answers, repeats.get());
    }

    private ClaimAnswer claim(int member, RetryBudget budget, AtomicLong repeats)
            throws InterruptedException {
        var policy =
                new RetryPolicy(
                        ATTEMPTS,
                        Duration.ofHours(1),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10));
        var time = new SkippedTime();
        var client = new ClaimClient(connections, service, policy, budget, time, new Random());
        ClaimAnswer answer = client.claim(campaign, new Caller("X-User-Id", "m" + member));
        repeats.addAndGet(time.waits().size());
        return answer;
    }

    @Test
    void aNodeThatGoesOnRefusingIsAskedHardlyMoreOftenThanOneThatAnswers()
            throws InterruptedException, ExecutionException {
        Told told = crowd(new RetryBudget(PERCENT, RESERVE));

        assertThat(told.answers()).filteredOn(it -> it instanceof Won).hasSize(LET_IN);
        assertThat(told.answers())
                .filteredOn(
                        it -> it instanceof Unknown unknown && unknown.last().equals("overloaded"))
                .hasSize(MEMBERS - LET_IN);
        assertThat(told.repeats()).isBetween((long) RESERVE, RESERVE + MEMBERS * PERCENT / 100L);
        await().atMost(LONG_ENOUGH).until(() -> requests.claims() == MEMBERS + told.repeats());
    }

    /** The control. */
    @Test
    void withoutABudgetItIsAskedAsOftenAsThereAreAttempts()
            throws InterruptedException, ExecutionException {
        Told told = crowd(new RetryBudget(100, 1_000_000));

        // Who is let in may have been refused before
        long most = (long) MEMBERS * ATTEMPTS;
        assertThat(told.repeats() + MEMBERS)
                .isBetween(LET_IN + (long) (MEMBERS - LET_IN) * ATTEMPTS, most);
        await().atMost(LONG_ENOUGH).until(() -> requests.claims() == MEMBERS + told.repeats());
    }
}
