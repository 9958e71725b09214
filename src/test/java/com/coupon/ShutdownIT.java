package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.port.out.Rehearsals;
import com.coupon.servers.RedisProcess;
import com.coupon.servers.RunningServers;
import com.coupon.shared.CampaignId;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.coyote.http11.Http11NioProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** A process that is told to stop answers the claims that it has let in. */
class ShutdownIT {

    @TempDir Path folder = Path.of("");

    private static ConfigurableApplicationContext start(String redis) {
        return start(
                Map.of(
                        "coupon.redis.nodes",
                        redis,
                        "coupon.redis.timeout",
                        "20s",
                        "coupon.issuance.claims.answer-within",
                        "20s"),
                "api");
    }

    private static ConfigurableApplicationContext start(Map<String, String> more, String... roles) {
        return start(new SpringApplication(CouponApplication.class), more, roles);
    }

    private static ConfigurableApplicationContext start(
            SpringApplication application, Map<String, String> more, String... roles) {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("coupon.security.identity", "header");
        properties.put("coupon.reconciliation.scheduled", "false");
        properties.putAll(more);
        application.setAdditionalProfiles(roles);
        application.setRegisterShutdownHook(false);
        return application.run(
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    @Test
    void claimsThatAreUnderWayAreAnsweredAndOnlyThenItStops() throws Exception {
        try (RedisProcess redis = RedisProcess.start(folder);
                Jedis connection = new Jedis(redis.address());
                ConfigurableApplicationContext context = start(redis.address().toString());
                HttpClient http = HttpClient.newHttpClient()) {
            String port = context.getEnvironment().getRequiredProperty("local.server.port");
            // paused: nothing is remembered of it, so each claim is decided
            CampaignId paused = Campaigns.newId();
            context.getBean(Rehearsals.class)
                    .create(paused, CampaignState.PAUSED, List.of(), Duration.ofMinutes(10));
            connection.sadd("coupon:campaigns", paused.value());
            URI claims =
                    URI.create(
                            "http://127.0.0.1:%s/api/v1/campaigns/%s/claims"
                                    .formatted(port, paused.value()));
            HttpRequest claim =
                    HttpRequest.newBuilder(claims)
                            .header("X-User-Id", "ann")
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build();
            HttpResponse<String> before = http.send(claim, HttpResponse.BodyHandlers.ofString());

            redis.signals().freeze();
            CompletableFuture<HttpResponse<String>> answer =
                    http.sendAsync(claim, HttpResponse.BodyHandlers.ofString());
            var meters = context.getBean(MeterRegistry.class);
            var batches = meters.get("coupon.claims.batch.size").summary();
            await().until(() -> batches.count() == 2);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close);
            await().until(() -> !isLettingIn(claims));
            assertThat(closing).as("it waits for the claim").isNotDone();
            redis.signals().thaw();

            assertThat(answer.get(30, TimeUnit.SECONDS).body())
                    .isEqualTo(before.body())
                    .contains("\"paused\"");
            closing.get(30, TimeUnit.SECONDS);
        }
    }

    /** Stops letting requests in between the first line of one and its headers. */
    public static final class PausingInARequest extends Http11NioProtocol {

        static final AtomicBoolean now = new AtomicBoolean();

        /** What Tomcat asks for just before it reads the first line. */
        @Override
        public int getKeepAliveTimeout() {
            if (now.get()) {
                getEndpoint().pause();
            }
            return super.getKeepAliveTimeout();
        }
    }

    /**
     * A connection that ends without a word has a gateway ask another node. Tomcat would say 400
     * here: without having read the headers, it misses the host.
     */
    @Test
    void aRequestThatIsBeingReadWhenItStopsIsNotAnswered() throws IOException {
        var application = new SpringApplication(CouponApplication.class);
        application.addInitializers(context ->
                context.getBeanFactory()
                        .registerSingleton(
                                "pausing",
                                (WebServerFactoryCustomizer<TomcatServletWebServerFactory>)
                                        factory ->
                                                factory.setProtocol(
                                                        PausingInARequest.class.getName())));
        String request = "GET /nothing-here HTTP/1.1\r\nHost: x\r\n\r\n";
        try (ConfigurableApplicationContext context = start(application, Map.of(), "api");
                Socket before = connect(context);
                Socket meanwhile = connect(context)) {
            write(before, request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
            assertThat(readToTheEnd(before)).startsWith("HTTP/1.1 404 ");

            PausingInARequest.now.set(true);
            write(meanwhile, request);

            assertThat(readToTheEnd(meanwhile)).isEmpty();
        }
    }

    private static Socket connect(ConfigurableApplicationContext context) throws IOException {
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void write(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String readToTheEnd(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static boolean isLettingIn(URI url) {
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static Http http(ConfigurableApplicationContext context) {
        return new Http(
                context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    /** Nobody else publishes it: no sweep takes what is so young. */
    @Test
    void whatItHasDecidedIsPublishedBeforeItHasStopped() throws Exception {
        Map<String, String> withoutSweeps = Map.of("coupon.issuance.relay.sweep-age", "10m");
        String campaign = Campaigns.newId().value();
        Queue<Integer> answers = new ConcurrentLinkedQueue<>();
        try (ConfigurableApplicationContext operator = start(withoutSweeps, "consumer");
                Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
            http(operator).open(campaign, 1_000_000);
            ConfigurableApplicationContext node = start(withoutSweeps, "api");
            Http members = http(node);
            try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int thread = 0; thread < 16; thread++) {
                    String name = "m" + thread + "-";
                    crowd.execute(() -> claimUntilRefused(members, campaign, name, answers));
                }
                await().until(() -> answers.size() > 500);
                long start = System.nanoTime();
                node.close();
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isLessThan(Duration.ofSeconds(20));
            }
            String participants = "coupon:{" + campaign + "}:participants";
            assertThat(answers).as("let in and answered, for good").containsOnly(201);
            assertThat(redis.hlen(participants) - 1).isGreaterThanOrEqualTo(answers.size());
            assertThat(redis.xlen("coupon:{" + campaign + "}:outbox")).isZero();
        }
    }

    private static void claimUntilRefused(
            Http http, String campaign, String name, Queue<Integer> answers) {
        try {
            for (int i = 0; ; i++) {
                answers.add(http.claim(campaign, name + i).status());
            }
        } catch (UncheckedIOException e) {
            // it lets nobody in any more
        }
    }
}
