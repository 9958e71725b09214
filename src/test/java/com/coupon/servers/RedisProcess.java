package com.coupon.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/**
 * A real Redis server from a Maven artifact, on a free port of the loopback interface; it keeps
 * nothing on disk.
 */
public final class RedisProcess implements AutoCloseable {

    private final RedisServer server;
    private final int port;

    private RedisProcess(RedisServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a server and waits until it answers.
     *
     * @param settings lines of its configuration
     */
    public static RedisProcess start(Path folder, String... settings) {
        try {
            int port = freePort();
            RedisServerBuilder builder =
                    RedisServer.newRedisServer()
                            .port(port)
                            .setting("bind 127.0.0.1")
                            .setting("dir " + folder)
                            .setting("save \"\"")
                            .setting("appendonly no")
                            .setting("repl-diskless-sync yes")
                            .setting("repl-diskless-sync-delay 0");
            for (String setting : settings) {
                builder.setting(setting);
            }
            RedisServer server = builder.build();
            server.start();
            return new RedisProcess(server, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that nobody listens on at the moment. */
    public static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public HostAndPort address() {
        return new HostAndPort("127.0.0.1", port);
    }

    /** A connection for a test to look around with. */
    public Jedis connect() {
        return new Jedis(address());
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
