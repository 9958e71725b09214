package com.coupon.servers;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.springframework.util.FileSystemUtils;

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

    /**
     * Takes a base backup while it runs, as {@code pg_basebackup} does, which does not come with
     * the server: its files between {@code pg_backup_start} and {@code pg_backup_stop}, and the
     * write-ahead log.
     */
    public void backUp(Path to) {
        try (var connection = DriverManager.getConnection(jdbcUrl(), "postgres", "postgres");
                var statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('test', true)");
            copy(data(), to);
            try (var label =
                    statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                label.next();
                Files.writeString(to.resolve("backup_label"), label.getString(1));
            }
            copy(data().resolve("pg_wal"), to.resolve("pg_wal"));
            Files.deleteIfExists(to.resolve("postmaster.pid"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loses all that it has, and starts again on the same port from a backup. */
    public void restore(Path backup) {
        signals().kill();
        try {
            postgres.close();
            FileSystemUtils.deleteRecursively(data());
            copy(backup, data());
            Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        restart();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        Files.createDirectories(to.resolve(from.relativize(folder)));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        try {
                            Files.copy(
                                    file,
                                    to.resolve(from.relativize(file)),
                                    StandardCopyOption.REPLACE_EXISTING);
                        } catch (NoSuchFileException e) {
                            // a server that runs removes files
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }
                });
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
