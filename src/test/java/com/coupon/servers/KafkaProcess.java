package com.coupon.servers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/** A Kafka broker in a process of its own, which can be stopped, killed and started again. */
public final class KafkaProcess implements AutoCloseable {

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);

    private final Path folder;
    private final Path settings;
    private final int port = RedisProcess.freePort();
    private JavaProcess process;

    /** Starts a broker with an empty log and waits until it can be connected to. */
    public KafkaProcess(Path folder) {
        this.folder = folder;
        this.settings = folder.resolve("kafka.properties");
        int controller = RedisProcess.freePort();
        try {
            Files.write(
                    settings,
                    List.of(
                            "process.roles=broker,controller",
                            "node.id=1",
                            "controller.quorum.voters=1@127.0.0.1:" + controller,
                            "listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                                    .formatted(port, controller),
                            "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                            "controller.listener.names=CONTROLLER",
                            "log.dirs=" + folder.resolve("kafka"),
                            "log.retention.ms=-1",
                            "offsets.topic.replication.factor=1",
                            "offsets.topic.num.partitions=1",
                            "transaction.state.log.replication.factor=1",
                            "transaction.state.log.min.isr=1",
                            "group.initial.rebalance.delay.ms=0"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (var format =
                launch(
                        "kafka.tools.StorageTool",
                        List.of(
                                "format",
                                "-t",
                                Uuid.randomUuid().toString(),
                                "-c",
                                settings.toString()))) {
            await().atMost(LONG_ENOUGH).until(() -> !format.isAlive());
        }
        this.process = run();
    }

    private JavaProcess launch(String main, List<String> arguments) {
        return JavaProcess.start(
                folder.resolve("kafka.log"),
                List.of(),
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                Map.of(),
                main,
                arguments);
    }

    private JavaProcess run() {
        JavaProcess started = launch("kafka.Kafka", List.of(settings.toString()));
        await().atMost(LONG_ENOUGH).until(this::listens);
        return started;
    }

    /** Bootstrap servers. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    private boolean listens() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public Signals signals() {
        return process.signals();
    }

    /** Starts it again on the same port, with the same log, where it was killed. */
    public void restart() {
        if (!process.isAlive()) {
            process = run();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
