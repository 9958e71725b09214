package com.coupon.benchmark;

import static org.awaitility.Awaitility.await;

import com.coupon.servers.KafkaProcess;
import com.coupon.servers.PostgresProcess;
import com.coupon.servers.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** Redis, Kafka and PostgreSQL, each a process of its own on the loopback interface. */
final class Backends implements AutoCloseable {

    private final RedisProcess redis;
    private final @Nullable RedisProcess replica;
    private final KafkaProcess kafka;
    private final PostgresProcess postgres;

    Backends(Path folder, boolean withReplica) {
        var startingKafka = CompletableFuture.supplyAsync(() -> new KafkaProcess(folder));
        var startingPostgres = CompletableFuture.supplyAsync(() -> new PostgresProcess(folder));
        this.redis = RedisProcess.start(folder);
        this.replica =
                withReplica
                        ? RedisProcess.start(
                                folder, "replicaof 127.0.0.1 " + redis.address().getPort())
                        : null;
        this.kafka = startingKafka.join();
        this.postgres = startingPostgres.join();
        if (withReplica) {
            try (Jedis connection = redis.connect()) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> connection.info("replication").contains("state=online"));
            }
        }
    }

    HostAndPort redis() {
        return redis.address();
    }

    Jedis connect() {
        return redis.connect();
    }

    String kafka() {
        return kafka.address();
    }

    String jdbcUrl() {
        return postgres.jdbcUrl();
    }

    long redisPid() {
        return redis.signals().pid();
    }

    long kafkaPid() {
        return kafka.signals().pid();
    }

    /** As the application is told of them. */
    Map<String, String> properties() {
        Map<String, String> properties =
                new HashMap<>(
                        Map.of(
                                "coupon.redis.nodes", redis().toString(),
                                "coupon.redis.replicas-to-await", replica == null ? "0" : "1",
                                "spring.kafka.bootstrap-servers", kafka()));
        properties.putAll(
                Map.of(
                        "spring.datasource.url", jdbcUrl(),
                        "spring.datasource.username", "postgres",
                        "spring.datasource.password", "postgres"));
        return properties;
    }

    @Override
    public void close() {
        kafka.close();
        if (replica != null) {
            replica.close();
        }
        redis.close();
        postgres.close();
    }
}
