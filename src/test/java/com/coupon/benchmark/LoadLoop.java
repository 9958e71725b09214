package com.coupon.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Connections of one thread, each with one request at a time. It does as little for a request as
 * can be, because what it takes of the cores the service does not get: no object is made for one,
 * and no more than two calls of the system.
 */
final class LoadLoop implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;
    private static final long CHORES_NANOS = 20_000_000;

    /** How late an answer or an arrival may be noticed, so that looking for them costs little. */
    private static final long NAP_NANOS = 100_000;

    /** From here on the selector, which counts in milliseconds, can be waited for instead. */
    private static final long LONG_NANOS = 1_500_000;

    private static final long CONNECT_WITHIN_NANOS = 30_000_000_000L;

    private final LoadPlan plan;
    private final Requests requests;
    private final long memberStep;
    private final Selector selector;
    private final List<Line> lines = new ArrayList<>();
    private final Deque<Line> free = new ArrayDeque<>();
    private final HttpWire wire = new HttpWire();
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(BUFFER);
    private final byte[] bytes = new byte[BUFFER];
    private final WaitingLine waiting;
    private Outcomes outcomes = new Outcomes(0, 0);
    private long nextMember;
    private long sent;
    private long notSent;
    private long reconnects;
    private int busy;
    private boolean sends;

    /**
     * @param number of this loop among all
     * @param loops how many there are
     */
    LoadLoop(LoadPlan plan, Requests requests, int number, int loops) throws IOException {
        this.plan = plan;
        this.requests = requests;
        this.nextMember = plan.firstMember() + number;
        this.memberStep = loops;
        this.selector = Selector.open();
        this.waiting = new WaitingLine(Math.max(1, plan.waiting() / loops));
        for (int i = number; i < plan.connections(); i += loops) {
            lines.add(new Line(plan.ports().get(i % plan.ports().size())));
        }
    }

    /** Opens all connections. */
    void connect() throws IOException {
        long end = System.nanoTime() + CONNECT_WITHIN_NANOS;
        for (Line line : lines) {
            line.connect();
        }
        while (free.size() < lines.size()) {
            if (System.nanoTime() > end) {
                throw new IOException(
                        "Only %d of %d connections could be opened."
                                .formatted(free.size(), lines.size()));
            }
            selector.select(this::happened, 10);
            lines.stream().filter(Line::isDown).forEach(Line::connect);
        }
    }

    /**
     * Sends until the end, and then waits for what is still to be answered.
     *
     * @param begin when the first request is sent
     * @param counted when counting starts
     * @param end when sending ends
     */
    void run(long begin, long counted, long end) throws IOException {
        outcomes = new Outcomes(counted, end);
        sends = true;
        LockSupport.parkNanos(begin - System.nanoTime());
        if (plan.isOpen()) {
            sendAtPace(begin, end);
        } else {
            sendAsAnswered(end);
        }
        sends = false;
        long last = System.nanoTime() + plan.timeoutMillis() * 1_000_000L;
        while (busy > 0 && System.nanoTime() < last) {
            selector.select(this::happened, 10);
        }
        lines.stream().filter(line -> line.isBusy).forEach(line -> line.fail(Outcomes.TIMEOUT));
    }

    private void sendAsAnswered(long end) throws IOException {
        for (Line line = free.poll(); line != null; line = free.poll()) {
            line.send(System.nanoTime());
        }
        long chores = System.nanoTime();
        while (true) {
            selector.select(this::happened, 10);
            long now = System.nanoTime();
            if (now >= end) {
                return;
            }
            if (now - chores > CHORES_NANOS) {
                chores = now;
                doChores(now);
                for (Line line = free.poll(); line != null; line = free.poll()) {
                    line.send(System.nanoTime());
                }
            }
        }
    }

    private void sendAtPace(long begin, long end) throws IOException {
        var pace = new Pace((double) plan.perSecond() / memberStep);
        long arrived = 0;
        long chores = begin;
        while (true) {
            long now = System.nanoTime();
            if (now >= end) {
                break;
            }
            long due = pace.arrivedBy(now - begin);
            for (; arrived < due; arrived++) {
                if (!waiting.add(begin + pace.at(arrived))) {
                    notSent++;
                }
            }
            while (!waiting.isEmpty() && !free.isEmpty()) {
                free.remove().send(waiting.take());
            }
            if (now - chores > CHORES_NANOS) {
                chores = now;
                doChores(now);
            }
            if (selector.selectNow(this::happened) == 0) {
                long pause = begin + pace.at(arrived) - System.nanoTime();
                if (pause > LONG_NANOS) {
                    selector.select(this::happened, 1);
                } else {
                    LockSupport.parkNanos(Math.min(NAP_NANOS, pause));
                }
            }
        }
        while (!waiting.isEmpty()) {
            waiting.take();
            notSent++;
        }
    }

    /** What need not be done at once. */
    private void doChores(long now) {
        long oldest = now - plan.timeoutMillis() * 1_000_000L;
        while (!waiting.isEmpty() && waiting.oldest() - oldest < 0) {
            outcomes.of(Outcomes.TIMEOUT).record(waiting.take(), now);
        }
        for (Line line : lines) {
            if (line.isBusy && line.began - oldest < 0) {
                line.fail(Outcomes.TIMEOUT);
            }
            if (line.isDown()) {
                reconnects++;
                line.connect();
            }
        }
    }

    private void happened(SelectionKey key) {
        ((Line) key.attachment()).happened(key);
    }

    Outcomes outcomes() {
        return outcomes;
    }

    /** Requests that were sent. */
    long sent() {
        return sent;
    }

    /** Arrivals that were not, because too many were waiting. */
    long notSent() {
        return notSent;
    }

    /** Connections that were opened anew. */
    long reconnects() {
        return reconnects;
    }

    @Override
    public void close() throws IOException {
        lines.forEach(Line::hangUp);
        selector.close();
    }

    /** A connection, or none where it is to be opened anew. */
    private final class Line {

        private final InetSocketAddress address;
        private @Nullable SocketChannel channel;
        private byte[] begun = new byte[0];
        private int begunLength;
        private long began;
        private boolean isBusy;

        Line(int port) {
            this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }

        boolean isDown() {
            return channel == null;
        }

        void connect() {
            try {
                SocketChannel opened = SocketChannel.open();
                channel = opened;
                opened.configureBlocking(false);
                opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
                if (opened.connect(address)) {
                    opened.register(selector, SelectionKey.OP_READ, this);
                    free.add(this);
                } else {
                    opened.register(selector, SelectionKey.OP_CONNECT, this);
                }
            } catch (IOException e) {
                hangUp();
            }
        }

        void happened(SelectionKey key) {
            try {
                if (!key.isValid()) {
                    return;
                }
                if (key.isConnectable()) {
                    ((SocketChannel) key.channel()).finishConnect();
                    key.interestOps(SelectionKey.OP_READ);
                    free.add(this);
                } else {
                    read((SocketChannel) key.channel());
                }
            } catch (ProtocolException e) {
                fail(Outcomes.UNINTELLIGIBLE);
            } catch (IOException e) {
                fail(Outcomes.CONNECTION_FAILURE);
            }
        }

        /**
         * @param due when the request should have been sent
         */
        void send(long due) {
            SocketChannel open = channel;
            if (open == null) {
                // It was closed while it was idle; the request goes with another one
                began = due;
                outcomes.of(Outcomes.CONNECTION_FAILURE).record(due, System.nanoTime());
                return;
            }
            began = due;
            isBusy = true;
            busy++;
            sent++;
            outgoing.clear();
            requests.put(nextMember, outgoing);
            nextMember += memberStep;
            outgoing.flip();
            try {
                open.write(outgoing);
                if (outgoing.hasRemaining()) {
                    // Nothing else is on its way on this connection, so there is room
                    fail(Outcomes.CONNECTION_FAILURE);
                }
            } catch (IOException e) {
                fail(Outcomes.CONNECTION_FAILURE);
            }
        }

        private void read(SocketChannel open) throws IOException {
            incoming.clear();
            int count = open.read(incoming);
            if (count < 0) {
                fail(Outcomes.CONNECTION_FAILURE);
                return;
            }
            if (!isBusy) {
                throw new ProtocolException("A server speaks unasked.");
            }
            if (begunLength + count > bytes.length) {
                throw new ProtocolException("A response is too long.");
            }
            incoming.flip();
            System.arraycopy(begun, 0, bytes, 0, begunLength);
            incoming.get(bytes, begunLength, count);
            int length = begunLength + count;
            int end = wire.read(bytes, 0, length);
            if (end < 0) {
                begun = Arrays.copyOf(bytes, length);
                begunLength = length;
            } else if (end < length) {
                throw new ProtocolException("A server answers more than it was asked.");
            } else {
                begunLength = 0;
                answered();
            }
        }

        private void answered() {
            long now = System.nanoTime();
            outcomes.of(wire.status(), bytes, wire.bodyFrom(), wire.bodyTo()).record(began, now);
            isBusy = false;
            busy--;
            if (wire.closes()) {
                hangUp();
            } else if (!sends) {
                free.add(this);
            } else if (plan.isOpen()) {
                if (waiting.isEmpty()) {
                    free.add(this);
                } else {
                    send(waiting.take());
                }
            } else {
                send(now);
            }
        }

        void fail(String what) {
            if (isBusy) {
                isBusy = false;
                busy--;
                outcomes.of(what).record(began, System.nanoTime());
            }
            free.remove(this);
            hangUp();
        }

        void hangUp() {
            begunLength = 0;
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                // It is gone
            }
            channel = null;
        }
    }
}
