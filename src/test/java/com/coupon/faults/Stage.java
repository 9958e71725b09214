package com.coupon.faults;

import com.coupon.servers.KafkaProcess;
import com.coupon.servers.PostgresProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * All servers and nodes of a topology, each a process of its own: Redis, Kafka, PostgreSQL, two
 * nodes of the api role and one of the consumer role. Started once for many runs; after each, what
 * was broken is mended. Used by one thread.
 */
final class Stage implements AutoCloseable {

    private static final int API_NODES = 2;
    private static final Duration WARM_UP = Duration.ofSeconds(30);

    private final Path folder;
    private final Topology topology;
    private final RedisSetup redis;
    private final KafkaProcess kafka;
    private final PostgresProcess postgres;
    private final ApplicationNode consumer;
    private final List<ApplicationNode> apis = new ArrayList<>();
    private final Topics topics;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(1))
                    .build();
    private final AtomicBoolean closed = new AtomicBoolean();
    private Settings settings;

    /**
     * @param settings of the first run; the node of the consumer role keeps them
     */
    Stage(Topology topology, Settings settings) {
        this.topology = topology;
        this.settings = settings;
        try {
            this.folder = Files.createTempDirectory("coupon-faults");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var startingKafka = CompletableFuture.supplyAsync(() -> new KafkaProcess(folder));
        var startingPostgres = CompletableFuture.supplyAsync(() -> new PostgresProcess(folder));
        this.redis = topology.start(folder);
        this.kafka = startingKafka.join();
        this.postgres = startingPostgres.join();
        this.consumer = node("consumer", "consumer", settings, Duration.ZERO);
        startApis();
        consumer.awaitReady();
        apis.forEach(ApplicationNode::awaitReady);
        this.topics = new Topics(kafka.address());
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    private void startApis() {
        for (int number = 0; number < API_NODES; number++) {
            Duration skew = number == 0 ? settings.skew() : settings.skew().negated();
            apis.add(node("api-" + number, "api", settings, skew));
        }
    }

    private ApplicationNode node(String name, String profile, Settings settings, Duration skew) {
        Map<String, String> properties = new HashMap<>(redis.properties());
        properties.putAll(
                Map.of(
                        "coupon.security.identity", "header",
                        "coupon.web.rate-limits.member.enabled", "false",
                        "coupon.web.rate-limits.address.enabled", "false",
                        "coupon.web.rate-limits.node.enabled", "false",
                        "server.address", "127.0.0.1",
                        "management.server.address", "127.0.0.1",
                        "spring.kafka.bootstrap-servers", kafka.address()));
        properties.putAll(
                Map.of(
                        "spring.datasource.url", postgres.jdbcUrl(),
                        "spring.datasource.username", "postgres",
                        "spring.datasource.password", "postgres",
                        "spring.datasource.hikari.connection-timeout", "1000",
                        "spring.datasource.hikari.maximum-pool-size", "5"));
        // So that what is left behind is found, and tried again, within the time of a run
        properties.putAll(
                Map.of(
                        "coupon.issuance.catalog-interval", "500ms",
                        "coupon.issuance.relay.sweep-interval", "500ms",
                        "coupon.issuance.relay.sweep-age", "1s",
                        "coupon.issuance.warm-up.claims", "0",
                        "coupon.persistence.first-back-off", "100ms",
                        "coupon.persistence.longest-back-off", "1s",
                        "coupon.persistence.partitions", "3",
                        "spring.kafka.producer.properties.delivery.timeout.ms", "4000",
                        "spring.kafka.producer.properties.request.timeout.ms", "2000",
                        "spring.kafka.producer.properties.max.block.ms", "1000"));
        properties.putAll(settings.properties());
        return new ApplicationNode(
                folder.resolve(name), profile, properties, settings.classPath(), skew);
    }

    /** Starts the nodes of the api role anew where they run in another way than asked for. */
    void setUp(Settings wanted) {
        if (!wanted.equals(settings)) {
            apis.forEach(ApplicationNode::close);
            apis.clear();
            settings = wanted;
            startApis();
            apis.forEach(ApplicationNode::awaitReady);
        }
    }

    /**
     * Has each node issue a coupon and bring it to the ledger, because one that has never spoken to
     * Kafka needs seconds for the first time, and would add a second fault to the one of a run.
     */
    void warmUp() throws IOException, InterruptedException, SQLException {
        String campaign = "w" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        operator().createAndOpen(campaign, apis.size());
        long end = System.nanoTime() + WARM_UP.toNanos();
        while (database().rows(campaign).size() < apis.size()) {
            if (System.nanoTime() > end) {
                throw new IOException("The nodes do not bring coupons to the ledger.");
            }
            for (ApplicationNode node : apis) {
                claim(node, campaign);
            }
            Pause.millis(50);
        }
        retire(campaign);
    }

    private void claim(ApplicationNode node, String campaign)
            throws IOException, InterruptedException {
        http.send(
                HttpRequest.newBuilder(
                                node.url().resolve("/api/v1/campaigns/" + campaign + "/claims"))
                        .header("X-User-Id", "warm-" + node.url().getPort())
                        .timeout(WARM_UP)
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.discarding());
    }

    /** Takes a campaign out of the way, so that the next runs do not carry it along. */
    void retire(String campaign) throws SQLException {
        database().retire(campaign);
        String prefix = "coupon:{" + campaign + "}:";
        for (String key :
                List.of("campaign", "stock", "participants", "outbox", "eligible", "answers")) {
            redis.call(prefix + key, jedis -> jedis.del(prefix + key));
        }
        redis.call("coupon:campaigns", jedis -> jedis.srem("coupon:campaigns", campaign));
    }

    Topology topology() {
        return topology;
    }

    RedisSetup redis() {
        return redis;
    }

    KafkaProcess kafka() {
        return kafka;
    }

    PostgresProcess postgres() {
        return postgres;
    }

    List<ApplicationNode> apis() {
        return apis;
    }

    Topics topics() {
        return topics;
    }

    Database database() {
        return new Database(postgres.jdbcUrl());
    }

    Operator operator() {
        return new Operator(http, consumer.url());
    }

    HttpClient http() {
        return http;
    }

    /** Starts whatever is gone, undoes what was done to the rest, and waits for the servers. */
    void mend() {
        kafka.signals().thaw();
        kafka.restart();
        if (!postgres.signals().isAlive()) {
            postgres.restart();
        }
        for (ApplicationNode node : apis) {
            node.relaunch();
        }
        redis.heal();
    }

    /** Waits until nodes that were started again are there, so that the next run has them. */
    void awaitNodes() {
        consumer.awaitReady();
        apis.forEach(ApplicationNode::awaitReady);
    }

    /** Puts what all processes have logged up to now into another folder. */
    void copyLogs(Path target) throws IOException {
        try (Stream<Path> all = Files.walk(folder, 2)) {
            for (Path log : all.filter(file -> file.toString().endsWith(".log")).toList()) {
                String name = folder.relativize(log).toString().replace('/', '-');
                Files.copy(log, target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        apis.forEach(ApplicationNode::close);
        consumer.close();
        topics.close();
        kafka.close();
        redis.close();
        postgres.close();
        http.close();
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
