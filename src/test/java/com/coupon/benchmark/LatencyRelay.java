package com.coupon.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands before a server of this machine and makes it far away: what goes in either direction
 * arrives later, and no slower. So the capacity of whoever waits for the server is bounded by the
 * distance and not by the cores, and can be exceeded many times over. Thread-safe.
 */
final class LatencyRelay implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;
    private static final int MOST_UNDER_WAY = 1_024;

    private final ServerSocket listener;
    private final int serverPort;
    private final long delayNanos;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** Bytes that are on their way; none say that there will be no more. */
    private record Parcel(long due, ByteBuffer bytes) {}

    /**
     * @param delay in each direction
     */
    LatencyRelay(int serverPort, Duration delay) {
        this.serverPort = serverPort;
        this.delayNanos = delay.toNanos();
        try {
            this.listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("latency-relay").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                sockets.add(client);
                var server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                sockets.add(server);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                carry(client, server);
                carry(server, client);
            } catch (IOException e) {
                // Closed, or one side has gone again
            }
        }
    }

    private void carry(Socket from, Socket to) {
        BlockingQueue<Parcel> underWay = new ArrayBlockingQueue<>(MOST_UNDER_WAY);
        Thread.ofVirtual().start(() -> send(from, underWay));
        Thread.ofVirtual().start(() -> deliver(underWay, to));
    }

    private void send(Socket from, BlockingQueue<Parcel> underWay) {
        byte[] buffer = new byte[BUFFER];
        try {
            try {
                InputStream in = from.getInputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    underWay.put(new Parcel(System.nanoTime() + delayNanos, copy(buffer, read)));
                }
            } catch (IOException e) {
                // As if it had ended
            }
            underWay.put(new Parcel(System.nanoTime(), ByteBuffer.allocate(0)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void deliver(BlockingQueue<Parcel> underWay, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            for (Parcel next = underWay.take();
                    next.bytes().hasRemaining();
                    next = underWay.take()) {
                LockSupport.parkNanos(next.due() - System.nanoTime());
                out.write(next.bytes().array());
            }
        } catch (IOException e) {
            // It has gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(to);
        }
    }

    private static ByteBuffer copy(byte[] buffer, int length) {
        return ByteBuffer.wrap(Arrays.copyOf(buffer, length));
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(this::close);
    }
}
