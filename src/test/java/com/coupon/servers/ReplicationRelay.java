package com.coupon.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a Redis server, on the address that the server announces, and can disturb the links
 * of its replicas, which it knows by their handshake, while clients pass. A killed server loses
 * next to nothing as long as the kernel still delivers what it had written; a link that swallows it
 * beforehand makes the loss that a broken network makes. Thread-safe.
 */
public final class ReplicationRelay implements AutoCloseable {

    /** Enough for the handshake, so that its words are not torn apart on the loopback interface. */
    private static final int BUFFER = 64 * 1024;

    private static final Pattern HANDSHAKE =
            Pattern.compile("listening-port\r\n\\$\\d+\r\n(\\d+)\r\n");

    /** What becomes of the bytes of a replica's link. */
    private interface Treatment {

        /** Whether they are passed on, perhaps after a while. */
        boolean passes(int replicaPort);
    }

    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile Treatment treatment = port -> true;

    /**
     * @param serverPort where the server listens or will listen
     */
    public ReplicationRelay(int serverPort) {
        this.serverPort = serverPort;
        try {
            this.listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("relay-" + serverPort).start(this::accept);
    }

    /** The port to announce. */
    public int port() {
        return listener.getLocalPort();
    }

    /**
     * Swallows from now on what goes over the links of some replicas, in both directions, and keeps
     * their connections.
     *
     * @param replicas by the ports that they announce
     */
    public void blackHole(IntPredicate replicas) {
        treatment = port -> !replicas.test(port);
    }

    /** Holds back everything on the links of replicas for a while. */
    public void delay(Duration delay) {
        treatment =
                port -> {
                    LockSupport.parkNanos(delay.toNanos());
                    return true;
                };
    }

    /** Ends the links of replicas, which connect anew. */
    public void cut() {
        links.stream().filter(link -> link.replicaPort != 0).forEach(Link::close);
    }

    /** Lets everything pass; a link that has lost something is cut, so that it starts anew. */
    public void pass() {
        treatment = port -> true;
        links.stream().filter(link -> link.isTorn).forEach(Link::close);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Link link = new Link(client);
                links.add(link);
                Thread.ofVirtual().start(link::open);
            } catch (IOException e) {
                // Closed, or its client has gone again
            }
        }
    }

    /** A connection of a client or a replica. */
    private final class Link {

        private final Socket client;
        private volatile @Nullable Socket server;
        private volatile int replicaPort;
        private volatile boolean isTorn;

        Link(Socket client) {
            this.client = client;
        }

        void open() {
            try {
                var connected = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                server = connected;
                client.setTcpNoDelay(true);
                connected.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> carry(connected, client, false));
                carry(client, connected, true);
            } catch (IOException e) {
                close();
            }
        }

        private void carry(Socket from, Socket to, boolean asks) {
            byte[] buffer = new byte[BUFFER];
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (asks && replicaPort == 0) {
                        recognise(buffer, read);
                    }
                    if (replicaPort == 0 || treatment.passes(replicaPort)) {
                        if (!isTorn) {
                            out.write(buffer, 0, read);
                        }
                    } else {
                        isTorn = true;
                    }
                }
            } catch (IOException e) {
                // One side has gone
            } finally {
                close();
            }
        }

        private void recognise(byte[] buffer, int length) {
            String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            Matcher handshake = HANDSHAKE.matcher(text);
            if (text.contains("REPLCONF") && handshake.find()) {
                replicaPort = Integer.parseInt(handshake.group(1));
            }
        }

        void close() {
            links.remove(this);
            close(client);
            close(server);
        }

        private static void close(@Nullable Socket socket) {
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (IOException e) {
                // It is gone
            }
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        links.forEach(Link::close);
    }
}
