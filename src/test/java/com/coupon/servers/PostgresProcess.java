package com.coupon.servers;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A PostgreSQL that can be killed and started again with what it has committed. */
public final class PostgresProcess implements AutoCloseable {

    private final Path folder;
    private final int port = RedisProcess.freePort();
    private EmbeddedPostgres postgres;

    /** Starts it with an empty database. */
    public PostgresProcess(Path folder) {
        this.folder = folder;
        System.setProperty("ot.epg.working-dir", folder.resolve("postgres").toString());
        this.postgres = start();
    }

    private EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setPort(port)
                    .setDataDirectory(data())
                    .setCleanDataDirectory(false)
                    // the library does without, and what was committed would not be there
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("unix_socket_directories", folder.toString())
                    .setRegisterShutdownHook(false)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path data() {
        return folder.resolve("data");
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /** Of the process that all others of the server end with. */
    public Signals signals() {
        try {
            return new Signals(
                    Long.parseLong(
                            Files.readAllLines(data().resolve("postmaster.pid"))
                                    .getFirst()
                                    .strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again on the same port, after it was killed; it recovers what was committed. */
    public void restart() {
        try {
            postgres.close();
        } catch (IOException | RuntimeException e) {
            // What is left of the one that was killed
        }
        // Its processes notice one by one that they are orphans
        postgres =
                await().atMost(Duration.ofSeconds(30))
                        .ignoreExceptions()
                        .until(this::start, started -> true);
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
