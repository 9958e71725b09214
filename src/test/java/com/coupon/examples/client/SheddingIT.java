package com.coupon.examples.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.Http;
import com.coupon.IntegrationTest;
import com.coupon.examples.client.ClaimAnswer.Lost;
import com.coupon.examples.client.ClaimAnswer.Unknown;
import com.coupon.examples.client.ClaimAnswer.Won;
import com.coupon.examples.client.ClaimClient.Caller;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;

/**
 * A crowd meets a node that lets in far fewer at once than come, so that most of them hear 503, and
 * each member hears 429 for a second claim within two seconds.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "coupon.security.identity=header",
            // or its own claims would be counted
            "coupon.issuance.warm-up.claims=0",
            "coupon.web.rate-limits.node.capacity=20",
            "coupon.web.rate-limits.node.refill=80",
            "coupon.web.rate-limits.node.period=1s",
            "coupon.web.rate-limits.member.capacity=1",
            "coupon.web.rate-limits.member.refill=1",
            "coupon.web.rate-limits.member.period=2s",
            "coupon.reconciliation.scheduled=false"
        })
@ActiveProfiles({"api", "consumer"})
@ContextConfiguration(initializers = IntegrationTest.OnRunningServers.class)
@DirtiesContext
class SheddingIT {

    private static final int MEMBERS = 100;
    private static final int COUPONS = 40;
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    /** Of the control, which ends long before. */
    private static final int MOST_TRIES = 100_000;

    private static final int PERCENT = 10;
    private static final int RESERVE = 10;

    @LocalServerPort private int port;
    @Autowired private MeterRegistry meters;

    private final String campaign = Campaigns.newId().value();
    private final String another = Campaigns.newId().value();
    private final HttpClient connections = ClaimClient.http();
    private Http http = new Http(0);

    @BeforeEach
    void open() {
        http = new Http(port);
        http.open(campaign, COUPONS);
        http.open(another, MEMBERS);
    }

    @AfterEach
    void close() {
        connections.shutdownNow();
    }

    private static Caller member(int number) {
        return new Caller("X-User-Id", "m" + number);
    }

    private ClaimClient client(RetryPolicy policy, RetryBudget budget, Time time) {
        return new ClaimClient(
                connections,
                URI.create("http://127.0.0.1:" + port),
                policy,
                budget,
                time,
                new Random());
    }

    /** What each member does, all at once. */
    private interface Errand<T> {

        T run(int member) throws InterruptedException;
    }

    private static <T> Map<Integer, T> crowd(Errand<T> errand)
            throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<T>> errands =
                    IntStream.range(0, MEMBERS)
                            .<Callable<T>>mapToObj(member -> () -> errand.run(member))
                            .toList();
            List<Future<T>> done = threads.invokeAll(errands);
            Map<Integer, T> answers = new HashMap<>();
            for (int member = 0; member < MEMBERS; member++) {
                answers.put(member, done.get(member).get());
            }
            return answers;
        }
    }

    /** Waits in earnest, and counts. */
    private static Time counting(AtomicLong waits) {
        return new Time() {
            @Override
            public long nanos() {
                return SYSTEM.nanos();
            }

            @Override
            public Instant now() {
                return SYSTEM.now();
            }

            @Override
            public void sleep(Duration wait) throws InterruptedException {
                waits.incrementAndGet();
                SYSTEM.sleep(wait);
            }
        };
    }

    private record Told(ClaimAnswer first, ClaimAnswer second) {}

    @Test
    void allWhoKeepToTheRulesHearAFinalAnswerAndTheNodeIsAskedFarLessOften()
            throws InterruptedException, ExecutionException {
        var requests = new ClaimRequests(meters);
        long before = requests.claims();
        var waits = new AtomicLong();
        Time time = counting(waits);

        Map<Integer, Told> told =
                crowd(member -> {
                    // Each has a telephone of his own, and so a budget
                    ClaimClient client =
                            client(RetryPolicy.DEFAULT, new RetryBudget(PERCENT, RESERVE), time);
                    return new Told(
                            client.claim(campaign, member(member)),
                            client.claim(another, member(member)));
                });

        everybodyKnows(told);
        long patient = 2L * MEMBERS + waits.get();
        await().atMost(LONG_ENOUGH).until(() -> requests.claims() == before + patient);
        assertThat(waits.get()).as("it has shed").isGreaterThan(MEMBERS / 2);

        asksAtOnce(patient, requests);
    }

    /** One coupon each at most, and none is left over. */
    private void everybodyKnows(Map<Integer, Told> told) {
        assertThat(told.values()).allMatch(it -> it.second() instanceof Won);
        List<Won> winners = new ArrayList<>();
        Map<String, Long> serials = new HashMap<>();
        told.forEach((member, answers) -> {
            switch (answers.first()) {
                case Won won -> {
                    winners.add(won);
                    serials.put("m" + member, won.serial());
                }
                case ClaimAnswer other -> assertThat(other).isEqualTo(new Lost("sold-out"));
            }
        });
        assertThat(winners)
                .extracting(Won::serial)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, COUPONS).boxed().toList());
        assertThat(winners).extracting(Won::couponCode).doesNotHaveDuplicates();
        await().atMost(LONG_ENOUGH).until(() -> recorded().equals(serials));
    }

    private Map<String, Long> recorded() {
        return http.admin("GET", "/campaigns/" + campaign + "/issuances?limit=1000", "")
                .json()
                .path("items")
                .valueStream()
                .collect(
                        Collectors.toMap(
                                row -> row.path("memberId").asString(""),
                                row -> row.path("serial").asLong()));
    }

    /**
     * The negative control: the same crowd, with another two campaigns, that asks again as soon as
     * it was refused. It hears the same in the end, since the node takes in as many in a second
     * whatever comes. But a patient client waits for a second or more before it asks again, and
     * this one for the way there and back.
     */
    private void asksAtOnce(long patient, ClaimRequests requests)
            throws InterruptedException, ExecutionException {
        String third = Campaigns.newId().value();
        String fourth = Campaigns.newId().value();
        http.open(third, COUPONS);
        http.open(fourth, MEMBERS);
        long before = requests.claims();

        Map<Integer, Integer> tries =
                crowd(member -> triesOf(third, member) + triesOf(fourth, member));

        long impatient = tries.values().stream().mapToLong(it -> it).sum();
        await().atMost(LONG_ENOUGH).until(() -> requests.claims() == before + impatient);
        assertThat(impatient).isGreaterThan(3 * patient);
    }

    /** How many it takes until one is answered for good. */
    private int triesOf(String campaign, int member) throws InterruptedException {
        var once =
                new RetryPolicy(
                        1, LONG_ENOUGH, LONG_ENOUGH, Duration.ofMillis(1), Duration.ofMillis(1));
        ClaimClient client = client(once, new RetryBudget(0, 0), Time.SYSTEM);
        int tries = 1;
        while (tries < MOST_TRIES && client.claim(campaign, member(member)) instanceof Unknown) {
            tries++;
        }
        return tries;
    }

    @Test
    void whoeverIsToldToWaitBeyondHisDeadlineGivesUpAtOnce() throws InterruptedException {
        var time = new SkippedTime();
        var hasty =
                new RetryPolicy(
                        2,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(1),
                        Duration.ofMillis(1));
        ClaimClient client = client(hasty, new RetryBudget(PERCENT, RESERVE), time);
        Caller newcomer = member(MEMBERS + 1);
        assertThat(client.claim(campaign, newcomer)).isInstanceOf(Won.class);

        ClaimAnswer answer = client.claim(another, newcomer);

        assertThat(answer).isInstanceOf(Unknown.class);
        assertThat(((Unknown) answer).last()).isEqualTo("rate-limited");
        assertThat(((Unknown) answer).askAfter())
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
        assertThat(time.waits()).isEmpty();
    }
}
