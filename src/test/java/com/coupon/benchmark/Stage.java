package com.coupon.benchmark;

import static org.awaitility.Awaitility.await;

import com.coupon.Http.Answer;
import com.coupon.servers.JavaProcess;
import com.coupon.servers.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import redis.clients.jedis.Jedis;

/**
 * All processes, each started when it is first needed. The one of the consumer role is held up
 * except while campaigns are made: in production it has a machine of its own. Used by one thread.
 */
final class Stage implements AutoCloseable {

    /** A quantity that no run comes to the end of. */
    static final int PLENTY = 500_000_000;

    private static final String SOLD_OUT = "sold-out";
    private static final String REGISTER = "coupon:campaigns";
    private static final long MEMBERS_OF_A_RUN = 2_000_000;
    private static final List<String> GENERATOR_FLAGS =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-Xshare:auto");
    private static final List<String> CONSUMER_FLAGS =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-Dspring.main.banner-mode=off");
    private static final Duration QUIET_WITHIN = Duration.ofSeconds(20);

    private final BenchmarkOptions options;
    private final Path folder;
    private final Backends backends;
    private final TokenIssuer issuer;
    private final List<String> naive = new ArrayList<>();
    private @Nullable ServiceProcess consumer;
    private @Nullable ServiceProcess service;
    private Map<String, String> settings = Map.of();
    private @Nullable JavaProcess comparison;
    private final int comparisonPort = RedisProcess.freePort();
    private long member = MEMBERS_OF_A_RUN;
    private int campaigns;
    private int logs;
    private boolean isSoldOut;
    private final AtomicBoolean closed = new AtomicBoolean();

    Stage(BenchmarkOptions options) {
        this.options = options;
        try {
            this.folder = Files.createTempDirectory("coupon-benchmark");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.backends = new Backends(folder, options.replica());
        this.issuer = new TokenIssuer();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    BenchmarkOptions options() {
        return options;
    }

    Backends backends() {
        return backends;
    }

    TokenIssuer issuer() {
        return issuer;
    }

    /** Where processes work; it goes with them. */
    Path folder() {
        return folder;
    }

    /** A file for the output of one more process, which stays beside the report. */
    Path log(String name) {
        logs++;
        Path log = options.folder().resolve("logs").resolve("%s-%d.log".formatted(name, logs));
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return log;
    }

    /** The service of the role api with its own defaults. */
    ServiceProcess service() {
        return service(Map.of());
    }

    /** The same with other settings; it is started anew where it runs with different ones. */
    ServiceProcess service(Map<String, String> wanted) {
        ServiceProcess running = service;
        if (running != null && settings.equals(wanted)) {
            return running;
        }
        stopService();
        ServiceProcess started = launch(wanted);
        service = started;
        settings = wanted;
        started.awaitReady();
        return started;
    }

    void stopService() {
        if (service != null) {
            service.close();
            service = null;
        }
    }

    /** One more of the role api, whom the caller stops; it is not waited for. */
    ServiceProcess launch(Map<String, String> wanted) {
        return launch(wanted, options.serviceFlags());
    }

    /** The same with other flags of the virtual machine. */
    ServiceProcess launch(Map<String, String> wanted, List<String> flags) {
        Map<String, String> properties = new HashMap<>(backends.properties());
        properties.keySet().removeIf(name -> name.startsWith("spring.datasource"));
        // A node turns away what is more than two cores can do; here that is the question
        properties.put("coupon.web.rate-limits.node.enabled", "false");
        if (!wanted.containsKey(TokenIssuer.KEYS)) {
            properties.put("coupon.security.identity", "header");
        }
        properties.putAll(wanted);
        return new ServiceProcess(log("api"), "api", options.classPath(), flags, properties);
    }

    /** The process of the role consumer, held up. */
    ServiceProcess consumer() {
        ServiceProcess running = consumer;
        if (running == null) {
            running = launchConsumer();
            consumer = running;
            running.awaitReady();
            running.freeze();
        }
        return running;
    }

    /** One more of the role consumer, whom the caller stops; it is not waited for. */
    ServiceProcess launchConsumer() {
        Map<String, String> properties = new HashMap<>(backends.properties());
        properties.put("coupon.security.identity", "header");
        properties.put("coupon.reconciliation.scheduled", "false");
        return new ServiceProcess(
                log("consumer"), "consumer", List.of(), CONSUMER_FLAGS, properties);
    }

    void stopConsumer() {
        if (consumer != null) {
            consumer.close();
            consumer = null;
        }
    }

    /** Creates a campaign, opens it, and gives its id. */
    String open(String name, long quantity) {
        return open(name, quantity, 1).getFirst();
    }

    /** The same for several at once. */
    List<String> open(String name, long quantity, int count) {
        ServiceProcess operator = consumer();
        operator.thaw();
        List<String> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            campaigns++;
            String id = name + "-" + campaigns;
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .until(() -> {
                        int status = operator.http().create(id, quantity, "").status();
                        return status == 201 || status == 409;
                    });
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> operator.http().step(id, "open").status() == 200);
            opened.add(id);
        }
        operator.freeze();
        hideNaive();
        return opened;
    }

    /**
     * A campaign of the naive design. The relay of the service must not serve it, or the service
     * would work for its competitor.
     */
    String openNaive() {
        String id = open("naive", PLENTY);
        naive.add(id);
        hideNaive();
        return id;
    }

    private void hideNaive() {
        if (!naive.isEmpty()) {
            try (Jedis redis = backends.connect()) {
                redis.srem(REGISTER, naive.toArray(String[]::new));
            }
        }
    }

    /** A campaign with one coupon, which is gone. */
    String soldOut() {
        if (!isSoldOut) {
            String id = open(SOLD_OUT, 1);
            Answer first = service().http().claim(id, "first");
            Answer second = service().http().claim(id, "second");
            if (first.status() != 201 || second.status() != 409) {
                throw new IllegalStateException(
                        "One coupon makes %d and then %d."
                                .formatted(first.status(), second.status()));
            }
            write(folder.resolve("sold-out.json"), second.response().body());
            write(folder.resolve("campaign"), id);
            isSoldOut = true;
        }
        return read(folder.resolve("campaign"));
    }

    /** The process of the comparison. */
    long comparison() {
        JavaProcess running = comparison;
        if (running == null) {
            soldOut();
            write(folder.resolve("keys.json"), issuer.publicKeys());
            running =
                    JavaProcess.start(
                            log("comparison"),
                            List.of(),
                            options.jvmFlags(),
                            Map.of(),
                            ComparisonServer.class.getName(),
                            List.of(
                                    Integer.toString(comparisonPort),
                                    backends.redis().toString(),
                                    folder.resolve("sold-out.json").toString(),
                                    folder.resolve("keys.json").toString()));
            comparison = running;
            JavaProcess started = running;
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> {
                        if (!started.isAlive()) {
                            throw new IllegalStateException("The comparison does not start.");
                        }
                        return comparisonListens();
                    });
        }
        return running.signals().pid();
    }

    int comparisonPort() {
        return comparisonPort;
    }

    private boolean comparisonListens() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), comparisonPort)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    static String claims(String campaign) {
        return "/api/v1/campaigns/" + campaign + "/claims";
    }

    /** A run as fast as is answered, as long as the options say. */
    LoadPlan plan(int port, String path) {
        return LoadPlan.closed(port, path, options.connections(), 1, options.seconds());
    }

    /**
     * Lets a load generator do what the plan says, with members nobody has seen before, once
     * everything is at rest.
     *
     * @param serving the processes that serve
     */
    LoadResult load(LoadPlan plan, List<Long> serving) {
        List<Long> watched = watched(serving);
        awaitQuiet(watched);
        return loadAtOnce(plan, watched);
    }

    /** The same, and nothing need be at rest. */
    LoadResult loadAtOnce(LoadPlan plan, List<Long> watched) {
        Path log = log("load");
        LoadPlan whole = plan.from(nextMembers()).watching(watched);
        int longest = 200 + whole.warmUp() + whole.seconds() + whole.timeoutMillis() / 1_000;
        runToEnd(
                LoadGenerator.class,
                log,
                GENERATOR_FLAGS,
                whole.arguments(),
                Duration.ofSeconds(longest));
        return LoadResult.read(line(log, LoadGenerator.RESULT));
    }

    /** Processes that serve, and the servers behind them. */
    List<Long> watched(List<Long> serving) {
        List<Long> watched = new ArrayList<>(serving);
        watched.add(backends.redisPid());
        watched.add(backends.kafkaPid());
        return watched;
    }

    /** The number of the first of members whom nobody has seen. */
    long nextMembers() {
        long first = member;
        member += MEMBERS_OF_A_RUN;
        return first;
    }

    /** Runs a main class in a process of its own. */
    void runToEnd(
            Class<?> main, Path log, List<String> flags, List<String> arguments, Duration longest) {
        try (JavaProcess process =
                JavaProcess.start(log, List.of(), flags, Map.of(), main.getName(), arguments)) {
            await().atMost(longest)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> !process.isAlive());
        }
    }

    /** What follows a word in the output of a process. */
    static String line(Path log, String word) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.startsWith(word))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalStateException(
                                    log.getFileName() + " says only: " + tail(log)))
                    .substring(word.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String tail(Path log) {
        String text = read(log);
        return text.substring(Math.max(0, text.length() - 2_000));
    }

    /** Waits until processes do next to nothing, but not for ever. */
    void awaitQuiet(List<Long> pids) {
        long end = System.nanoTime() + QUIET_WITHIN.toNanos();
        long cpu = cpuNanos(pids);
        while (System.nanoTime() < end) {
            long began = System.nanoTime();
            LockSupport.parkNanos(200_000_000);
            long next = cpuNanos(pids);
            if (next - cpu < 0.2 * (System.nanoTime() - began)) {
                return;
            }
            cpu = next;
        }
    }

    private static long cpuNanos(List<Long> pids) {
        return pids.stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .mapToLong(Duration::toNanos)
                .sum();
    }

    /** How many coupons Redis has issued of a campaign. */
    long issued(String campaign) {
        try (Jedis redis = backends.connect()) {
            String issued = redis.hget("coupon:{" + campaign + "}:campaign", "issued");
            return issued == null ? 0 : Long.parseLong(issued);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        stopService();
        stopConsumer();
        if (comparison != null) {
            comparison.close();
        }
        issuer.close();
        backends.close();
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
