package com.coupon.servers;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.springframework.util.FileSystemUtils;

/** Servers from Maven artifacts alone, as processes of this machine; nothing need be installed. */
final class EmbeddedServers implements Servers {

    private final Path folder;
    private final RedisProcess primary;
    private final RedisProcess replica;
    private final EmbeddedPostgres postgres;
    private final EmbeddedKafkaKraftBroker kafka;

    EmbeddedServers() {
        beQuiet();
        try {
            this.folder = Files.createTempDirectory("coupon-servers");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var startingKafka = CompletableFuture.supplyAsync(EmbeddedServers::startKafka);
        var startingPostgres = CompletableFuture.supplyAsync(this::startPostgres);
        this.primary = RedisProcess.start(folder);
        this.replica =
                RedisProcess.start(folder, "replicaof 127.0.0.1 " + primary.address().getPort());
        this.postgres = startingPostgres.join();
        this.kafka = startingKafka.join();
    }

    /**
     * The servers start before Spring Boot has set up the log, which would show every line of
     * theirs.
     */
    private static void beQuiet() {
        for (String name :
                List.of(
                        "io.zonky",
                        "org.apache.kafka",
                        "kafka",
                        "state.change.logger",
                        "org.springframework")) {
            if (LoggerFactory.getLogger(name) instanceof Logger logger) {
                logger.setLevel(Level.ERROR);
            }
        }
    }

    private static EmbeddedKafkaKraftBroker startKafka() {
        var broker = new EmbeddedKafkaKraftBroker(1, 1);
        broker.brokerProperty("log.retention.ms", "-1");
        broker.afterPropertiesSet();
        return broker;
    }

    private EmbeddedPostgres startPostgres() {
        // The builder's own setting comes too late: by then the library has made its default
        // folder.
        System.setProperty("ot.epg.working-dir", folder.resolve("postgres").toString());
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(folder.resolve("data"))
                    .setServerConfig("unix_socket_directories", folder.toString())
                    .setRegisterShutdownHook(false)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String redis() {
        return primary.address().toString();
    }

    @Override
    public String jdbcUrl() {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
    }

    @Override
    public String kafka() {
        return kafka.getBrokersAsString();
    }

    @Override
    public void close() {
        try {
            kafka.destroy();
            replica.close();
            primary.close();
            postgres.close();
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
