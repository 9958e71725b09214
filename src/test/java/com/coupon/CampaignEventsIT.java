package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Http.Answer;
import com.coupon.servers.RunningServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A campaign is followed live, over HTTP, by no more clients than may be. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "coupon.security.identity=header",
            "coupon.web.rate-limits.member.enabled=false",
            "coupon.issuance.relay.sweep-interval=100ms",
            "coupon.issuance.relay.sweep-age=300ms",
            "coupon.issuance.events.subscribers=3",
            "coupon.issuance.events.interval=100ms",
            "coupon.issuance.events.heartbeat=100ms",
            "server.tomcat.connection-timeout=1s"
        })
@ActiveProfiles({"api", "consumer"})
@ContextConfiguration(initializers = IntegrationTest.OnRunningServers.class)
@Import(SmallSendBuffers.class)
@DirtiesContext
class CampaignEventsIT {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @LocalServerPort private int port;
    @Autowired private MeterRegistry meters;

    private final String campaign = Campaigns.newId().value();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private Http http = new Http(0);

    @BeforeEach
    void connect() {
        http = new Http(port);
        http.open(campaign, 500);
    }

    @AfterEach
    void nobodyIsLeft() {
        subscribers.forEach(Subscriber::close);
        await().atMost(LONG_ENOUGH).until(() -> following() == 0);
    }

    private double following() {
        return meters.get("coupon.events.subscribers").gauge().value();
    }

    private double dropped() {
        return meters.get("coupon.events.dropped").counter().count();
    }

    /** A client that reads all it is sent, on a thread of its own. */
    private static final class Subscriber implements AutoCloseable {

        private final HttpResponse<InputStream> response;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private volatile boolean ended;

        Subscriber(int port, String campaign, String... headers) {
            var request =
                    HttpRequest.newBuilder(
                            URI.create(
                                    "http://localhost:%d/api/v1/campaigns/%s/events"
                                            .formatted(port, campaign)));
            if (headers.length > 0) {
                request.headers(headers);
            }
            try {
                response = CLIENT.send(request.build(), BodyHandlers.ofInputStream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try (var reader =
                    new BufferedReader(
                            new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
                ended = true;
            } catch (IOException | UncheckedIOException e) {
                // It was closed.
            }
        }

        List<JsonNode> events() {
            return values("data").map(JSON::readTree).toList();
        }

        List<String> states() {
            return events().stream().map(event -> event.path("state").asString()).toList();
        }

        String lastId() {
            return values("id").toList().getLast();
        }

        Stream<String> values(String field) {
            return lines.stream()
                    .filter(line -> line.startsWith(field + ": "))
                    .map(line -> line.substring(field.length() + 2));
        }

        boolean isAlive() {
            return lines.stream().anyMatch(line -> line.startsWith(":"));
        }

        @Override
        public void close() {
            try {
                response.body().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Subscriber subscribe(String id, String... headers) {
        var subscriber = new Subscriber(port, id, headers);
        subscribers.add(subscriber);
        return subscriber;
    }

    private static void awaitStates(Subscriber subscriber, String... states) {
        await().atMost(LONG_ENOUGH)
                .untilAsserted(() -> assertThat(subscriber.states()).containsExactly(states));
    }

    private Answer get(String id, String... headers) {
        return http.call("GET", "/api/v1/campaigns/" + id + "/events", "", headers);
    }

    @Test
    void theViewIsToldAtOnceAndWhenItChanges() {
        Subscriber ann = subscribe(campaign);

        assertThat(ann.response.statusCode()).isEqualTo(200);
        assertThat(ann.response.headers().map())
                .containsEntry("content-type", List.of("text/event-stream"))
                .containsEntry("cache-control", List.of("no-store"))
                .containsEntry("x-content-type-options", List.of("nosniff"))
                .containsKey("ratelimit");
        awaitStates(ann, "OPEN");
        Answer view = http.view(campaign);
        JsonNode told = ann.events().getFirst();
        assertThat(told.propertyNames()).containsExactlyElementsOf(view.json().propertyNames());
        assertThat(told.path("remaining").asLong()).isEqualTo(500);
        assertThat(ann.lastId()).isEqualTo(revision(view));
        assertThat(ann.values("event")).containsOnly("campaign");
        assertThat(ann.values("retry").map(Long::parseLong))
                .allMatch(millis -> millis >= 3_000 && millis < 6_000);

        assertThat(http.claim(campaign, "ann").status()).isEqualTo(201);

        awaitStates(ann, "OPEN", "OPEN");
        assertThat(ann.events().getLast().path("remaining").asLong()).isEqualTo(499);
        assertThat(ann.lastId()).isEqualTo(revision(http.view(campaign)));
    }

    @Test
    void whatOperatorsDoIsToldUntilTheEndAndWhoeverKnowsTheEndIsSentAway() {
        Subscriber ann = subscribe(campaign);
        awaitStates(ann, "OPEN");
        http.step(campaign, "pause");
        awaitStates(ann, "OPEN", "PAUSED");
        http.step(campaign, "resume");
        awaitStates(ann, "OPEN", "PAUSED", "OPEN");
        http.step(campaign, "close");
        awaitStates(ann, "OPEN", "PAUSED", "OPEN", "CLOSED");
        await().atMost(LONG_ENOUGH).until(() -> ann.ended && following() == 0);

        Answer late = get(campaign);
        assertThat(late.status()).isEqualTo(200);
        assertThat(late.response().body()).contains("\"state\":\"CLOSED\"");
        Answer again = get(campaign, "Last-Event-ID", ann.lastId());
        assertThat(again.status()).isEqualTo(204);
        assertThat(again.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void theInstantOfItsOpeningIsTold() {
        String later = Campaigns.newId().value();
        http.create(later, 5, ",\"opensAt\":\"%s\"".formatted(Instant.now().plusSeconds(2)));
        http.step(later, "open");

        awaitStates(subscribe(later), "SCHEDULED", "OPEN");
    }

    @Test
    void whoeverKnowsThePresentStateIsToldOnlyTheNext() {
        Subscriber ann = subscribe(campaign, "Last-Event-ID", revision(http.view(campaign)));
        await().atMost(LONG_ENOUGH).until(ann::isAlive);
        assertThat(ann.events()).isEmpty();
        assertThat(ann.values("retry")).hasSize(1);

        http.step(campaign, "pause");
        awaitStates(ann, "PAUSED");

        Subscriber bob = subscribe(campaign, "Last-Event-ID", "another");
        awaitStates(bob, "PAUSED");
    }

    @Test
    void aCampaignThatCannotBeReadKeepsItsSubscribersUntilItIsRebuilt() {
        Subscriber ann = subscribe(campaign);
        awaitStates(ann, "OPEN");
        try (var redis = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
            redis.del("coupon:{" + campaign + "}:stock");
        }

        awaitStates(ann, "OPEN", "OPEN");
        http.step(campaign, "pause");
        awaitStates(ann, "OPEN", "OPEN", "PAUSED");
    }

    @Test
    void whatIsNoStreamIsAProblemOrEmpty() {
        assertThat(get("no-such").get("code")).isEqualTo("unknown-campaign");
        assertThat(get("NONE").get("code")).isEqualTo("invalid-request");
        Answer json = get(campaign, "Accept", "application/json");
        assertThat(json.status()).isEqualTo(406);
        assertThat(json.get("code")).isEqualTo("not-acceptable");
        assertThat(json.header("Content-Type")).isEqualTo("application/problem+json");
        String path = "/api/v1/campaigns/" + campaign + "/events";
        assertThat(http.call("POST", path, "").get("code")).isEqualTo("method-not-allowed");
        Answer head = http.call("HEAD", path, "");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(following()).isZero();
    }

    @Test
    void oneMoreThanMayBeIsRefusedWhileClaimsAreAnswered() {
        List<Subscriber> all = Stream.generate(() -> subscribe(campaign)).limit(3).toList();

        Answer refused = get(campaign);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.get("code")).isEqualTo("overloaded");
        assertThat(refused.header("Retry-After")).matches("[1-3]");
        assertThat(following()).isEqualTo(3);
        assertThat(http.claim(campaign, "ann").status()).isEqualTo(201);
        assertThat(http.view(campaign).status()).isEqualTo(200);

        all.getFirst().close();
        await().atMost(LONG_ENOUGH).until(() -> following() == 2);
        awaitStates(subscribe(campaign), "OPEN");
    }

    @Test
    void aClientThatDoesNotReadHoldsUpNobodyAndIsDropped() throws IOException {
        double before = dropped();
        try (var slow = new Socket()) {
            slow.setReceiveBufferSize(1);
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            slow.getOutputStream()
                    .write(
                            "GET /api/v1/campaigns/%s/events HTTP/1.1\r\nHost: x\r\n\r\n"
                                    .formatted(campaign)
                                    .getBytes(StandardCharsets.US_ASCII));
            await().atMost(LONG_ENOUGH).until(() -> following() == 1);
            Subscriber ann = subscribe(campaign);

            await().atMost(LONG_ENOUGH.multipliedBy(2))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        int told = ann.events().size();
                        http.claim(campaign, "m" + told);
                        await().atMost(LONG_ENOUGH).until(() -> ann.events().size() > told);
                        return dropped() > before;
                    });

            assertThat(dropped()).as("the other one reads").isEqualTo(before + 1);
            await().atMost(LONG_ENOUGH).until(() -> following() == 1);
        }
    }

    @Test
    void aProcessThatStopsWaitsForNoSubscriber() {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("coupon.security.identity", "header");
        // so long does the web server wait for what is open
        properties.put("spring.lifecycle.timeout-per-shutdown-phase", "10m");
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles("api");
        var context =
                application.run(
                        properties.entrySet().stream()
                                .map(it -> "--" + it.getKey() + "=" + it.getValue())
                                .toArray(String[]::new));
        int itsPort =
                context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        var ann = new Subscriber(itsPort, campaign);
        var bob = new Subscriber(itsPort, campaign);
        awaitStates(ann, "OPEN");
        awaitStates(bob, "OPEN");

        assertThat(CompletableFuture.runAsync(context::close)).succeedsWithin(LONG_ENOUGH);

        await().atMost(LONG_ENOUGH).until(() -> ann.ended && bob.ended);
    }

    /** What is in the tag of a view besides the second. */
    private static String revision(Answer view) {
        return view.header("ETag").replaceAll("^\"|-\\d+\"$", "");
    }
}
