package com.coupon.examples.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a server and spoils answers that it has given, so that what they say is decided and
 * nobody hears it. On each connection, small requests come one after the other. Thread-safe.
 */
final class AnswerRelay implements AutoCloseable {

    /** What becomes of an answer. */
    enum Fate {
        PASSES(true, false),
        /** The connection ends instead. */
        IS_CUT_OFF(false, true),
        /** The connection ends before the answer does. */
        IS_CUT_SHORT(true, true),
        /** The connection stays, and nothing comes. */
        IS_SWALLOWED(false, false),
        /** The connection stays, and the end of the answer does not come. */
        IS_LEFT_HANGING(true, false);

        private final boolean begins;
        private final boolean ends;

        Fate(boolean begins, boolean ends) {
            this.begins = begins;
            this.ends = ends;
        }
    }

    /** Bytes of an answer that go last, some of the body among them. */
    private static final int END = 16;

    private static final int BUFFER = 64 * 1024;

    private final ServerSocket listener;
    private final int serverPort;
    private final Queue<Fate> fates = new ConcurrentLinkedQueue<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answers = new AtomicInteger();
    private volatile String spoilt = "";

    AnswerRelay(int serverPort) {
        this.serverPort = serverPort;
        try {
            this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("answer-relay").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** What becomes of the next answer for which nothing is said yet; those after it pass. */
    void next(Fate fate) {
        fates.add(fate);
    }

    /** How many answers the server has given. */
    int answers() {
        return answers.get();
    }

    /** The last answer that was spoilt, as the server gave it. */
    String spoilt() {
        return spoilt;
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
                new Link(client, server).open();
            } catch (IOException e) {
                // Closed, or one side has gone again
            }
        }
    }

    /** A connection of a client. */
    private final class Link {

        private final Socket client;
        private final Socket server;

        /** Whether the server owes an answer of which nothing has come yet. */
        private volatile boolean isAsked;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void open() {
            Thread.ofVirtual().start(this::carryRequests);
            Thread.ofVirtual().start(this::carryAnswers);
        }

        private void carryRequests() {
            try (InputStream in = client.getInputStream();
                    OutputStream out = server.getOutputStream()) {
                byte[] buffer = new byte[BUFFER];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    isAsked = true;
                    out.write(buffer, 0, read);
                }
            } catch (IOException e) {
                // One side has gone
            } finally {
                close();
            }
        }

        private void carryAnswers() {
            try (InputStream in = server.getInputStream();
                    OutputStream out = client.getOutputStream()) {
                byte[] buffer = new byte[BUFFER];
                Fate fate = Fate.PASSES;
                var held = new ByteArrayOutputStream();
                boolean isSpoilt = false;
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (isAsked) {
                        isAsked = false;
                        answers.incrementAndGet();
                        Fate said = fates.poll();
                        fate = said == null ? Fate.PASSES : said;
                        held.reset();
                        isSpoilt = false;
                    }
                    if (fate == Fate.PASSES) {
                        out.write(buffer, 0, read);
                        continue;
                    }
                    held.write(buffer, 0, read);
                    if (!isSpoilt && isWhole(held)) {
                        isSpoilt = true;
                        spoilt = held.toString(StandardCharsets.UTF_8);
                        out.write(held.toByteArray(), 0, fate.begins ? held.size() - END : 0);
                        if (fate.ends) {
                            return;
                        }
                    }
                }
            } catch (IOException e) {
                // One side has gone
            } finally {
                close();
            }
        }

        /** With the end of its JSON, or that of its chunks. */
        private static boolean isWhole(ByteArrayOutputStream answer) {
            String text = answer.toString(StandardCharsets.UTF_8);
            return text.endsWith("}") || text.endsWith("\r\n0\r\n\r\n");
        }

        private void close() {
            AnswerRelay.this.close(client);
            AnswerRelay.this.close(server);
        }
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
