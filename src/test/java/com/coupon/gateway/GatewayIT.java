package com.coupon.gateway;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.coupon.Campaigns;
import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.Http.Answer;
import com.coupon.servers.RunningServers;
import com.coupon.shared.Language;
import com.coupon.shared.web.Issuer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What the gateway lets through, on a real NGINX and before two processes of the service. Each test
 * comes from addresses of its own, and takes away what it is about to see whether that is noticed.
 */
class GatewayIT {

    private static final String JWT = "spring.security.oauth2.resourceserver.jwt.";

    /** Strangers from one address that a node lets in. */
    private static final int STRANGERS = 100;

    private static final Map<String, String> NO_CHANGES = Map.of();
    private static final String CLIENT_LIMIT = "limit_req zone=client burst=999 nodelay;";
    private static final String ASKED_AGAIN = "error_page 502 = @every_api;";
    private static final String NOT_ASKED_AGAIN = "error_page 502 =503 /problem;";
    private static final String CLIENT_RATE = "zone=client:16m rate=500r/s;";

    @TempDir static Path folder = Path.of("");

    private static Issuer issuer;
    private static ServiceNode one;
    private static ServiceNode two;

    /** Both roles, and believes the headers of a gateway. */
    private static ConfigurableApplicationContext believer;

    private static Http operator;
    private static Nginx gateway;

    private static String campaign;

    @BeforeAll
    static void start() {
        assumeTrue(Nginx.executable().isPresent(), "There is no nginx on this machine.");
        issuer = new Issuer();
        Map<String, String> tokens = properties();
        tokens.put(JWT + "issuer-uri", Issuer.NAME);
        tokens.put(JWT + "jwk-set-uri", issuer.keysUri());
        tokens.put(JWT + "audiences", Issuer.AUDIENCE);
        one = new ServiceNode(folder.resolve("one.log"), tokens);
        two = new ServiceNode(folder.resolve("two.log"), tokens);
        believer = startBeliever();
        operator = new Http(port(believer));
        one.awaitReady();
        two.awaitReady();
        gateway = gateway("delivered", NO_CHANGES);
        campaign = Campaigns.newId().value();
        operator.open(campaign, 100_000);
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable it : Arrays.asList(gateway, believer, one, two, issuer)) {
            try {
                if (it != null) {
                    it.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("coupon.web.trusted-proxies", "127.0.0.1");
        properties.put("coupon.web.rate-limits.member.enabled", "false");
        properties.put("coupon.web.rate-limits.address.capacity", Integer.toString(STRANGERS));
        properties.put("coupon.web.rate-limits.address.refill", "1");
        properties.put("coupon.web.rate-limits.address.period", "1h");
        properties.put("coupon.issuance.warm-up.claims", "0");
        return properties;
    }

    private static ConfigurableApplicationContext startBeliever() {
        Map<String, String> properties = properties();
        properties.put("coupon.security.identity", "header");
        properties.put("coupon.reconciliation.scheduled", "false");
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles("api", "consumer");
        application.setRegisterShutdownHook(false);
        return application.run(
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    private static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static Nginx gateway(String name, Map<String, String> changes) {
        return new Nginx(folder.resolve(name), List.of(one.port(), two.port()), changes);
    }

    private static Nginx gatewayToBeliever() {
        return new Nginx(folder.resolve("believer"), List.of(port(believer)), NO_CHANGES);
    }

    /** A client of this address. */
    private static HttpClient client(String address) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .localAddress(InetAddress.ofLiteral(address))
                .connectTimeout(Duration.ofSeconds(2))
                .build();
    }

    private static Answer send(
            HttpClient client, Nginx to, String method, String path, String... headers) {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new Answer(client.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Answer view(HttpClient client, Nginx to) {
        return send(client, to, "GET", viewPath());
    }

    private static Answer claim(HttpClient client, Nginx to, String... headers) {
        return send(client, to, "POST", claimsPath(), headers);
    }

    private static String viewPath() {
        return "/api/v1/campaigns/" + campaign;
    }

    private static String claimsPath() {
        return viewPath() + "/claims";
    }

    private static String[] as(String member) {
        return new String[] {"Authorization", "Bearer " + issuer.token(member)};
    }

    private static Map<Integer, Long> statuses(int requests, IntFunction<Answer> send) {
        return IntStream.range(0, requests)
                .mapToObj(send)
                .collect(groupingBy(Answer::status, counting()));
    }

    private static void isProblem(Answer answer, int status, String code, String path) {
        assertThat(answer.response().body())
                .isEqualTo(
                        """
                        {"type":"urn:coupon:problem:%s","title":"%s","status":%d,"instance":"%s","code":"%s"}\
                        """
                                .formatted(code, Language.ENGLISH.say(code), status, path, code));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Content-Language")).isEqualTo("en");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void aMemberClaimsAndAsks() {
        var client = client("127.0.0.2");
        Answer claimed = claim(client, gateway, as("ann"));
        assertThat(claimed.status()).isEqualTo(201);
        assertThat(claimed.header("Location")).isEqualTo(claimsPath() + "/me");
        Answer asked = send(client, gateway, "GET", claimsPath() + "/me", as("ann"));
        assertThat(asked.status()).isEqualTo(200);
        assertThat(asked.get("serial")).isEqualTo(claimed.get("serial"));
        assertThat(view(client, gateway).get("state")).isEqualTo("OPEN");
    }

    @Test
    void theServicesOwnAnswersPassAsTheyAre() {
        var client = client("127.0.0.3");
        Answer answer = claim(client, gateway, "Accept-Language", "ko");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("Content-Language")).isEqualTo("ko");
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(answer.header("RateLimit-Policy")).startsWith("\"address\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/admin/campaigns",
                "/api/v1/admin/audit-log",
                "/api/v1/campaigns/x/../../admin/campaigns",
                "/api/v1/campaigns/x/%2e%2e/%2e%2e/admin/campaigns",
                "/api/v1/campaigns/x/..%2f..%2fadmin/campaigns",
                "/api/v1/campaigns/..;/admin/campaigns",
                "/api/v1//admin/campaigns",
                "/%61pi/v1/admin/campaigns",
                "/api/v1/campaigns/welcome/claims/../../../admin/campaigns",
                "/actuator/health",
                "/v3/api-docs",
                "/problem",
                "/console",
                "/claim",
                "/claim/../api/v1/admin/campaigns",
                "/index.html"
            })
    void onlyThePublicRoutesAreThere(String path) throws IOException {
        try (Nginx toBeliever = gatewayToBeliever()) {
            String head = "GET " + path + " HTTP/1.1\r\n";
            String identity = "X-User-Id: ops\r\nX-User-Scopes: coupon.admin\r\n";
            String answer = toBeliever.http().raw(head + identity);
            assertThat(answer).startsWith("HTTP/1.1 404");
            assertThat(answer).contains("\"code\":\"not-found\"");
        }
    }

    /** The control of what is not there through the gateway. */
    @Test
    void theAdminApiIsThereForWhoeverIsInside() {
        assertThat(operator.admin("GET", "/campaigns", "").status()).isEqualTo(200);
    }

    @Test
    void whatIsNotThereIsAProblemOfTheServices() {
        Answer answer = gateway.http().call("GET", "/api/v1/admin/campaigns?x=1", "");
        isProblem(answer, 404, "not-found", "/api/v1/admin/campaigns");

        Answer korean = gateway.http().call("GET", "/a%22b", "", "Accept-Language", "ko-KR,en");
        assertThat(korean.header("Content-Language")).isEqualTo("ko");
        assertThat(korean.get("title")).isEqualTo(Language.KOREAN.say("not-found"));
        assertThat(korean.json().has("instance")).as("what JSON would have to escape").isFalse();
    }

    @Test
    void itsSentencesAreThoseOfTheService() throws IOException {
        var sentences =
                Pattern.compile("(?m)^ +(en|ko):([a-z-]+) \"(.*)\";$")
                        .matcher(Files.readString(Nginx.CONFIGURATION))
                        .results()
                        .toList();
        assertThat(sentences).hasSize(16);
        assertThat(sentences)
                .allSatisfy(it -> {
                    Language language =
                            it.group(1).equals("ko") ? Language.KOREAN : Language.ENGLISH;
                    assertThat(it.group(3)).isEqualTo(language.say(it.group(2)));
                });
    }

    @Test
    void oneClientMaySendAThousandAtOnceAndNotOneMore() {
        try (Nginx slow = gateway("slow", Map.of(CLIENT_RATE, "zone=client:16m rate=1r/m;"))) {
            var eager = client("127.0.0.4");
            assertThat(statuses(1_007, i -> view(eager, slow)))
                    .isEqualTo(Map.of(200, 1_000L, 429, 7L));
            Answer refused = claim(eager, slow, as("bob"));
            isProblem(refused, 429, "rate-limited", claimsPath());
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"client\";q=1000;w=2");
            assertThat(refused.header("RateLimit")).isEqualTo("\"client\";r=0;t=2");
            assertThat(claim(client("127.0.0.5"), slow, as("bob")).status())
                    .as("others go on")
                    .isEqualTo(201);
        }
        try (Nginx open = gateway("open", Map.of(CLIENT_LIMIT, ""))) {
            var eager = client("127.0.0.4");
            assertThat(statuses(1_007, i -> view(eager, open))).isEqualTo(Map.of(200, 1_007L));
        }
    }

    @Test
    void whatFlowsBackIsFiveHundredASecond() {
        var client = client("127.0.0.6");
        while (view(client, gateway).status() == 200) {}
        long start = System.nanoTime();
        long passed = 0;
        long refused = 0;
        while (refused < 200) {
            if (view(client, gateway).status() == 200) {
                passed++;
            } else {
                refused++;
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat((double) passed).isCloseTo(500 * seconds, within(25 + 50 * seconds));
    }

    @Test
    void aNetworkOfVersionSixIsOneClient() {
        Map<String, String> changes =
                Map.of(
                        CLIENT_RATE,
                        "zone=client:16m rate=1r/m;",
                        "burst=999",
                        "burst=2",
                        "server_name gateway;",
                        "server_name gateway; set_real_ip_from 127.0.0.1; real_ip_header X-Test;");
        try (Nginx slow = gateway("six", changes)) {
            var client = client("127.0.0.1");
            IntFunction<Answer> neighbours =
                    i -> send(client, slow, "GET", viewPath(), "X-Test", "2001:db8:1:a0a::" + i);
            assertThat(statuses(5, neighbours)).isEqualTo(Map.of(200, 3L, 429, 2L));
            IntFunction<Answer> others =
                    i -> send(client, slow, "GET", viewPath(), "X-Test", "2001:db8:1:" + i + "::1");
            assertThat(statuses(5, others)).isEqualTo(Map.of(200, 5L));
        }
    }

    @Test
    void soManyAreUnderWayAtOnceAndTheOthersHearSoWithoutDelay() {
        try (Nginx narrow =
                        gateway(
                                "narrow",
                                Map.of("limit_conn everybody 4000", "limit_conn everybody 5"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var client = client("127.0.0.7");
            one.signals().freeze();
            two.signals().freeze();
            List<CompletableFuture<Answer>> claims;
            try {
                claims =
                        IntStream.range(0, 8)
                                .mapToObj(i -> as("narrow-" + i))
                                .map(member ->
                                        CompletableFuture.supplyAsync(
                                                () -> claim(client, narrow, member), threads))
                                .toList();
                await().atMost(Duration.ofSeconds(2))
                        .until(() ->
                                claims.stream().filter(CompletableFuture::isDone).count() == 3);
            } finally {
                one.signals().thaw();
                two.signals().thaw();
            }
            List<Answer> answers = claims.stream().map(CompletableFuture::join).toList();
            assertThat(answers.stream().collect(groupingBy(Answer::status, counting())))
                    .isEqualTo(Map.of(201, 5L, 503, 3L));
            assertThat(answers)
                    .filteredOn(it -> it.status() == 503)
                    .allSatisfy(it -> {
                        isProblem(it, 503, "overloaded", claimsPath());
                        assertThat(it.header("Retry-After")).matches("[1-3]");
                        assertThat(it.header("RateLimit")).isEmpty();
                    });
        }
    }

    @Test
    void whileNoNodeAnswersItSaysThatNothingIsKnown() {
        try (Nginx alone = new Nginx(folder.resolve("alone"), List.of(9), NO_CHANGES)) {
            Answer answer = claim(client("127.0.0.8"), alone, as("carol"));
            isProblem(answer, 503, "unavailable", claimsPath());
            assertThat(answer.header("Retry-After")).matches("[1-3]");
        }
    }

    @Test
    void nobodySaysHimselfWhoHeIs() {
        String[] forged = {"X-User-Id", "eve", "X-User-Scopes", "coupon.admin"};
        try (Nginx toBeliever = gatewayToBeliever()) {
            assertThat(claim(client("127.0.0.9"), toBeliever, forged).status()).isEqualTo(401);
        }
        assertThat(operator.claim(campaign, "eve").status())
                .as("what stands behind the gateway believes it")
                .isEqualTo(201);
    }

    @Test
    void nobodySaysHimselfWhereHeComesFrom() {
        var client = client("127.0.0.10");
        IntFunction<String[]> forged =
                i ->
                        new String[] {
                            "X-Forwarded-For", "198.51.100." + i, "Forwarded", "for=1.1.1.1"
                        };
        assertThat(statuses(250, i -> claim(client, gateway, forged.apply(i))))
                .as("both nodes take them for one")
                .isEqualTo(Map.of(401, 2L * STRANGERS, 429, 250L - 2 * STRANGERS));
        assertThat(claim(client("127.0.0.11"), gateway).status())
                .as("and for nobody else")
                .isEqualTo(401);

        try (Nginx credulous =
                gateway(
                        "credulous",
                        Map.of(
                                "X-Forwarded-For $remote_addr",
                                "X-Forwarded-For $http_x_forwarded_for"))) {
            assertThat(statuses(250, i -> claim(client, credulous, forged.apply(i))))
                    .isEqualTo(Map.of(401, 250L));
        }
    }

    private static long views() {
        return one.views() + two.views();
    }

    @Test
    void theViewIsAskedForOnceASecond() {
        List<HttpClient> clients =
                IntStream.range(20, 28).mapToObj(i -> client("127.0.0." + i)).toList();
        // a node of a busy machine may take longer than the others are held back
        Map<String, String> patience =
                Map.of("proxy_cache_lock_timeout 200ms;", "proxy_cache_lock_timeout 5s;");
        try (Nginx patient = gateway("patient", patience)) {
            view(clients.getFirst(), patient);
            long before = views();
            long start = System.nanoTime();
            var answers = new ConcurrentLinkedQueue<Answer>();
            var ages = new ConcurrentLinkedQueue<Duration>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (HttpClient client : clients) {
                    threads.execute(() -> {
                        while (System.nanoTime() - start < 4_000_000_000L) {
                            Answer answer = view(client, patient);
                            answers.add(answer);
                            if (answer.status() == 200) {
                                Instant shown = Instant.parse(answer.get("serverTime"));
                                ages.add(Duration.between(shown, Instant.now()));
                            }
                        }
                    });
                }
            }
            assertThat(answers).allSatisfy(it -> assertThat(it.status()).isIn(200, 429));
            assertThat(ages).hasSizeGreaterThan(1_000);
            assertThat(ages)
                    .as("a second, and the way here")
                    .allSatisfy(it -> assertThat(it).isLessThan(Duration.ofMillis(1_500)));
            assertThat(answers)
                    .allSatisfy(it -> assertThat(it.header("RateLimit")).doesNotContain("address"));
            assertThat(views() - before).isBetween(4L, 8L);
        }

        try (Nginx forgetful = gateway("forgetful", Map.of("proxy_cache views;", ""))) {
            long uncached = views();
            assertThat(statuses(40, i -> view(clients.getFirst(), forgetful)))
                    .isEqualTo(Map.of(200, 40L));
            assertThat(views() - uncached).isEqualTo(40);
        }
    }

    @Test
    void aViewThatIsKnownIsNotSentAgain() {
        var client = client("127.0.0.12");
        await().atMost(Duration.ofSeconds(5))
                .until(() ->
                        send(
                                                client,
                                                gateway,
                                                "GET",
                                                viewPath(),
                                                "If-None-Match",
                                                view(client, gateway).header("ETag"))
                                        .status()
                                == 304);
    }

    @Test
    void thePageForMembersPassesAsItIs() {
        var client = client("127.0.0.32");
        Answer page = send(client, gateway, "GET", "/?campaign=" + campaign);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(page.header("RateLimit")).isEmpty();
        assertThat(send(client, gateway, "GET", "/", "If-None-Match", page.header("ETag")).status())
                .isEqualTo(304);
        Answer compressed = send(client, gateway, "GET", "/", "Accept-Encoding", "gzip, br");
        assertThat(compressed.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(send(client, gateway, "GET", "/", "Accept-Encoding", "br").response().body())
                .isEqualTo(page.response().body());
        Matcher files =
                Pattern.compile("(?:href|src)=\"(claim/[^\"]+)\"").matcher(page.response().body());
        assertThat(files.results().map(it -> it.group(1)).toList())
                .isNotEmpty()
                .allSatisfy(file ->
                        assertThat(send(client, gateway, "GET", "/" + file).status())
                                .isEqualTo(200));
    }

    /** More than a node lets in from one address, so that most are not asked of one. */
    @Test
    void aCrowdThatOpensThePageIsNotTheNodesConcern() {
        var client = client("127.0.0.33");
        assertThat(statuses(3 * STRANGERS, i -> send(client, gateway, "GET", "/?" + i)))
                .isEqualTo(Map.of(200, 3L * STRANGERS));
        try (Nginx forgetful =
                gateway(
                        "forgetful-of-pages",
                        Map.of("proxy_cache_key $uri@$encoding@$second;", "proxy_no_cache 1;"))) {
            var other = client("127.0.0.31");
            assertThat(statuses(3 * STRANGERS, i -> send(other, forgetful, "GET", "/?" + i)))
                    .containsKey(429);
        }
    }

    @Test
    void eventsArriveAsTheyHappen() throws IOException {
        String followed = Campaigns.newId().value();
        operator.open(followed, 10);
        var client = client("127.0.0.13");
        try (var socket = connect("127.0.0.1")) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(
                            ("GET /api/v1/campaigns/"
                                            + followed
                                            + "/events HTTP/1.1\r\nHost: x\r\n\r\n")
                                    .getBytes(StandardCharsets.ISO_8859_1));
            var events =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(nextData(events)).contains("\"remaining\":10");
            send(client, gateway, "POST", "/api/v1/campaigns/" + followed + "/claims", as("dan"));
            assertThat(nextData(events)).contains("\"remaining\":9");
        }
    }

    private static String nextData(BufferedReader events) throws IOException {
        for (String line = events.readLine(); line != null; line = events.readLine()) {
            if (line.startsWith("data:")) {
                return line;
            }
        }
        return "";
    }

    @Test
    void oneClientFollowsTwentyTimesAtOnce() throws IOException {
        String head = "GET " + viewPath() + "/events HTTP/1.1\r\nHost: x\r\n\r\n";
        List<Socket> followers = new ArrayList<>();
        List<String> statuses = new ArrayList<>();
        try {
            for (int i = 0; i < 22; i++) {
                Socket socket = connect("127.0.0.14");
                followers.add(socket);
                socket.setSoTimeout(5_000);
                socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.UTF_8));
                statuses.add(in.readLine().substring(9, 12));
            }
        } finally {
            for (Socket socket : followers) {
                socket.close();
            }
        }
        assertThat(statuses.stream().collect(groupingBy(it -> it, counting())))
                .isEqualTo(Map.of("200", 20L, "429", 2L));
    }

    @Test
    void whatIsTooLongIsRefused() throws IOException {
        String head = "POST " + claimsPath() + " HTTP/1.1\r\nContent-Length: ";
        assertThat(gateway.http().raw(head + "1025\r\n", "x".repeat(1_025)))
                .startsWith("HTTP/1.1 413")
                .contains("\"code\":\"body-too-large\"");
        assertThat(gateway.http().raw("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("\"code\":\"invalid-request\"");
        assertThat(gateway.http().raw("GET / HTTP/1.1\r\nX: " + "a".repeat(9_000) + "\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("\"code\":\"invalid-request\"");
        assertThat(gateway.http().raw("nonsense\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("\"code\":\"invalid-request\"");
    }

    @Test
    void whoeverSendsTooSlowlyIsCutOff() throws IOException {
        long start = System.nanoTime();
        try (var socket = connect("127.0.0.1")) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream()
                    .write(
                            ("POST " + claimsPath() + " HTTP/1.1\r\nHost: x\r\n")
                                    .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(readToTheEnd(socket)).isEmpty();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
    }

    /** A bare connection to the gateway, from this address. */
    private static Socket connect(String address) throws IOException {
        return new Socket(
                InetAddress.getLoopbackAddress(),
                gateway.port(),
                InetAddress.ofLiteral(address),
                0);
    }

    private static String readToTheEnd(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException e) {
            return ""; // it was reset
        }
    }

    /** Claims without end, by members who claim again and again. */
    private static final class Load implements AutoCloseable {

        private static final int THREADS = 8;
        private static final int MEMBERS = 100;

        private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
        private final Queue<UncheckedIOException> unanswered = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean isOver = new AtomicBoolean();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final Nginx to;

        Load(Nginx to, String address, String name) {
            this.to = to;
            List<String[]> members =
                    IntStream.range(0, MEMBERS).mapToObj(i -> as(name + "-" + i)).toList();
            var client = client(address);
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                threads.execute(() -> {
                    for (int i = first; !isOver.get(); i++) {
                        try {
                            answers.add(claim(client, this.to, members.get(i % MEMBERS)));
                        } catch (UncheckedIOException e) {
                            unanswered.add(e);
                        }
                    }
                });
            }
        }

        void awaitMore(int number) {
            int enough = answers.size() + number;
            await().atMost(Duration.ofSeconds(30)).until(() -> answers.size() >= enough);
        }

        /** What members were told who were not told yes, so that it is seen who says so and why. */
        List<String> failed() {
            return answers.stream()
                    .filter(it -> it.status() != 200 && it.status() != 201)
                    .map(it ->
                            "%d %s %s"
                                    .formatted(
                                            it.status(),
                                            it.response().headers().map(),
                                            it.response().body()))
                    .toList();
        }

        void end() {
            isOver.set(true);
            threads.close();
        }

        @Override
        public void close() {
            end();
        }
    }

    private static void hasOneCouponEach(Load load) {
        Map<String, Set<String>> serials = new HashMap<>();
        for (Answer answer : load.answers) {
            serials.computeIfAbsent(answer.get("memberId"), it -> new HashSet<>())
                    .add(answer.get("serial"));
        }
        assertThat(serials).hasSize(Load.MEMBERS);
        assertThat(serials.values()).as("everybody has one coupon").allMatch(it -> it.size() == 1);
        assertThat(serials.values().stream().distinct()).hasSize(Load.MEMBERS);
    }

    @Test
    void aNodeThatIsKilledCostsNobodyHisClaim() {
        Map<String, String> unlimited = Map.of(CLIENT_LIMIT, "");
        Map<String, String> withoutRetry =
                Map.of(
                        CLIENT_LIMIT,
                        "",
                        "proxy_next_upstream error timeout non_idempotent;",
                        "proxy_next_upstream off;",
                        ASKED_AGAIN,
                        NOT_ASKED_AGAIN);
        try (Nginx retrying = gateway("retrying", unlimited);
                Nginx giving = gateway("giving-up", withoutRetry);
                Load load = new Load(retrying, "127.0.0.15", "steady");
                Load control = new Load(giving, "127.0.0.16", "control")) {
            load.awaitMore(500);
            control.awaitMore(500);
            one.signals().kill();
            load.awaitMore(500);
            control.awaitMore(500);
            load.end();
            control.end();

            one.relaunch();

            assertThat(load.failed()).isEmpty();
            assertThat(load.unanswered).isEmpty();
            assertThat(control.failed()).as("without the second try").isNotEmpty();
            hasOneCouponEach(load);

            var client = client("127.0.0.17");
            await("it is asked again")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        claim(client, retrying, as("later"));
                        return one.claims() > 0;
                    });
        }
    }

    /** It is left out for a minute here, which is longer than the other one lives. */
    @Test
    void aNodeThatIsBackIsAskedWhereNoOtherIsLeft() {
        String leftOut = "fail_timeout=5s";
        String leftOutForLong = "fail_timeout=60s";
        Map<String, String> untilAnotherFails = Map.of(leftOut, leftOutForLong);
        Map<String, String> untilItsTime =
                Map.of(leftOut, leftOutForLong, ASKED_AGAIN, NOT_ASKED_AGAIN);
        var client = client("127.0.0.20");
        try (Nginx asking = gateway("asking-every-node", untilAnotherFails);
                Nginx leavingOut = gateway("leaving-nodes-out", untilItsTime)) {
            one.signals().kill();
            for (int i = 0; i < 10; i++) {
                assertThat(claim(client, asking, as("back-" + i)).status()).isEqualTo(201);
                assertThat(claim(client, leavingOut, as("back-" + i)).status()).isEqualTo(200);
            }
            one.relaunch();
            two.signals().kill();
            List<Integer> answers = new ArrayList<>();
            List<Integer> withoutAskingAgain = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                answers.add(claim(client, asking, as("back-" + i)).status());
                withoutAskingAgain.add(claim(client, leavingOut, as("back-" + i)).status());
            }
            two.relaunch();

            assertThat(answers).containsOnly(200);
            assertThat(withoutAskingAgain).as("while it is left out").containsOnly(503);
        }
    }

    /** A host that is away does not even refuse. */
    @Test
    void aNodeThatIsBackIsAskedBesideOneThatSaysNothing() throws IOException {
        Map<String, String> leftOut = Map.of("fail_timeout=5s", "fail_timeout=60s");
        Map<String, String> givingUp =
                Map.of(
                        "fail_timeout=5s",
                        "fail_timeout=60s",
                        "proxy_next_upstream error timeout non_idempotent; # the one",
                        "proxy_next_upstream error non_idempotent; # the one");
        var client = client("127.0.0.21");
        String[] member = as("patient");
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> queue = fill(silent);
            List<Integer> nodes = List.of(silent.getLocalPort(), two.port());
            List<Integer> answers = new ArrayList<>();
            List<Integer> withoutTime = new ArrayList<>();
            try (Nginx asking = new Nginx(folder.resolve("beside-silence"), nodes, leftOut);
                    Nginx refusing = new Nginx(folder.resolve("silenced"), nodes, givingUp)) {
                two.signals().kill();
                for (int i = 0; i < 4; i++) {
                    claim(client, asking, member);
                    claim(client, refusing, member);
                }
                two.relaunch();
                for (int i = 0; i < 6; i++) {
                    answers.add(claim(client, asking, member).status());
                    withoutTime.add(claim(client, refusing, member).status());
                }
            }
            for (Socket socket : queue) {
                socket.close();
            }

            assertThat(answers).isSubsetOf(200, 201);
            assertThat(withoutTime).as("where only a refusal counts").contains(503);
        }
    }

    /** Takes all places, so that whoever connects from now on hears nothing. */
    private static List<Socket> fill(ServerSocket server) throws IOException {
        List<Socket> queue = new ArrayList<>();
        try {
            while (queue.size() < 10) {
                var socket = new Socket();
                queue.add(socket);
                socket.connect(server.getLocalSocketAddress(), 200);
            }
            throw new IllegalStateException("There is always room.");
        } catch (SocketTimeoutException e) {
            return queue;
        }
    }

    /**
     * A rolling deploy. What counts are the answers that members see: each of them is final, though
     * nobody repeats anything but NGINX.
     */
    @Test
    void nodesThatAreRestartedOneAfterTheOtherCostNobodyHisClaim() {
        Map<String, String> unlimited = Map.of(CLIENT_LIMIT, "");
        Map<String, String> withoutRetry =
                Map.of(
                        CLIENT_LIMIT,
                        "",
                        "proxy_next_upstream error timeout non_idempotent;",
                        "proxy_next_upstream off;",
                        ASKED_AGAIN,
                        NOT_ASKED_AGAIN);
        try (Nginx retrying = gateway("rolling", unlimited);
                Nginx giving = gateway("rolling-giving-up", withoutRetry);
                Load load = new Load(retrying, "127.0.0.18", "rolling");
                Load control = new Load(giving, "127.0.0.19", "rolling-control")) {
            load.awaitMore(500);
            control.awaitMore(500);
            for (ServiceNode node : List.of(one, two)) {
                assertThat(node.stop()).as("bounded").isLessThan(Duration.ofSeconds(45));
                load.awaitMore(200);
                control.awaitMore(200);
                node.relaunch();
                await("it is asked again")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> node.claims() > 100);
            }
            load.end();
            control.end();

            assertThat(load.failed()).isEmpty();
            assertThat(load.unanswered).isEmpty();
            assertThat(control.failed()).as("without the second try").isNotEmpty();
            hasOneCouponEach(load);
        }
    }
}
