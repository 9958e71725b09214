package com.coupon.issuance.adapter.in.web;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.application.Rehearsing;
import com.coupon.issuance.application.Rehearsing.Stage;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.port.in.ClaimCoupon;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.env.Environment;

/**
 * Has a process answer claims before it says that it is ready, because a drop opens at one instant,
 * and a virtual machine that has never seen a claim answers a tenth as many as later on. They come
 * over HTTP, from this process to itself, and take the way of all claims. Where callers are known
 * by tokens, of which it has none, they are only turned away there, and the rest is asked directly.
 *
 * <p>Without Redis the process gets ready cold: readiness must not depend on it.
 */
@ApiRole
final class WarmUp implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

    /** Threads at most; a machine with fewer cores uses fewer. */
    private static final int LANES = 2;

    /**
     * How often all begins anew, campaigns and connections. What happens only once to one of them
     * would not be compiled otherwise, and what is compiled be thrown away when it does happen.
     */
    private static final int ACTS = 8;

    private static final int TIMEOUT_MILLIS = 5_000;
    private static final String UNAUTHENTICATED = "HTTP/1.1 401";

    private final Rehearsing rehearsing;
    private final ClaimCoupon claims;
    private final IssuanceProperties.WarmUp properties;
    private final Environment environment;
    private final ServerProperties server;

    WarmUp(
            Rehearsing rehearsing,
            ClaimCoupon claims,
            IssuanceProperties properties,
            Environment environment,
            ServerProperties server) {
        this.rehearsing = rehearsing;
        this.claims = claims;
        this.properties = properties.warmUp();
        this.environment = environment;
        this.server = server;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        Integer port = environment.getProperty("local.server.port", Integer.class);
        if (properties.claims() == 0 || port == null) {
            return;
        }
        long start = System.nanoTime();
        try {
            rehearse(port);
            log.info("Warmed up in {} ms.", Duration.ofNanos(System.nanoTime() - start).toMillis());
        } catch (IssuanceUnavailableException e) {
            log.warn("This process is cold: {}", e.getMessage());
        }
    }

    private void rehearse(int port) {
        InetAddress address = server.getAddress();
        var own =
                new InetSocketAddress(
                        address == null || address.isAnyLocalAddress()
                                ? InetAddress.getLoopbackAddress()
                                : address,
                        port);
        long start = System.nanoTime();
        var next = new AtomicInteger();
        long last = start + properties.atMost().toNanos();
        for (int act = 1; act <= ACTS && System.nanoTime() - last < 0; act++) {
            int until = Math.toIntExact((long) properties.claims() * act / ACTS);
            long end = start + properties.atMost().toNanos() * act / ACTS;
            rehearsing.on(stage ->
                    IntStream.range(0, LANES)
                            .parallel()
                            .forEach(lane -> play(stage, own, next, until, end)));
        }
    }

    private void play(Stage stage, InetSocketAddress own, AtomicInteger next, int until, long end) {
        try (Clients clients = new Clients(own)) {
            int size = properties.connections();
            IntUnaryOperator afterOne = number -> number + size <= until ? number + size : number;
            boolean isFirst = true;
            int number = next.getAndUpdate(afterOne);
            while (number + size <= until && System.nanoTime() - end < 0) {
                if (clients.areTurnedAway(stage, number, isFirst)) {
                    ask(stage, number);
                }
                isFirst = false;
                number = next.getAndUpdate(afterOne);
            }
        } catch (IOException e) {
            log.debug("A rehearsal was cut short", e);
        }
    }

    /** Some connections, on each of which there is a request at a time. */
    private final class Clients implements AutoCloseable {

        private final List<Socket> sockets = new ArrayList<>();
        private final byte[] buffer = new byte[4_096];

        Clients(InetSocketAddress own) throws IOException {
            try {
                for (int i = 0; i < properties.connections(); i++) {
                    var socket = new Socket();
                    sockets.add(socket);
                    socket.connect(own, TIMEOUT_MILLIS);
                    socket.setSoTimeout(TIMEOUT_MILLIS);
                    socket.setTcpNoDelay(true);
                }
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        /**
         * Sends a request on each connection and awaits the answers. These are short and come in
         * one piece; where one does not, its rest passes for the next one, which does no harm here.
         *
         * @param hesitating whether nobody ends his request before all have begun theirs: then the
         *     web server needs a processor for each, which it keeps, and need make none for the
         *     crowd
         * @return whether nobody is known here
         */
        boolean areTurnedAway(Stage stage, int first, boolean hesitating) throws IOException {
            List<byte[]> requests =
                    IntStream.range(first, first + sockets.size())
                            .mapToObj(number -> request(stage, number).getBytes(US_ASCII))
                            .toList();
            for (int i = 0; i < sockets.size(); i++) {
                byte[] request = requests.get(i);
                write(i, request, 0, hesitating ? request.length / 2 : request.length);
            }
            for (int i = 0; hesitating && i < sockets.size(); i++) {
                byte[] request = requests.get(i);
                write(i, request, request.length / 2, request.length);
            }
            boolean turnedAway = false;
            for (Socket socket : sockets) {
                int length = socket.getInputStream().read(buffer);
                if (length < 0) {
                    throw new EOFException();
                }
                turnedAway |= new String(buffer, 0, length, US_ASCII).startsWith(UNAUTHENTICATED);
            }
            return turnedAway;
        }

        private void write(int client, byte[] bytes, int from, int to) throws IOException {
            sockets.get(client).getOutputStream().write(bytes, from, to - from);
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static String request(Stage stage, int number) {
        String path =
                switch (number % 100) {
                    case 50 -> "GET /api/v1/campaigns/" + campaign(stage, number);
                    case 51 -> "GET /api/v1/campaigns/" + campaign(stage, number) + "/claims/me";
                    default -> "POST /api/v1/campaigns/" + campaign(stage, number) + "/claims";
                };
        return path
                + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: rehearsal\r\nAccept-Encoding: gzip\r\n"
                + preferences(number)
                + "X-User-Id: "
                + member(stage, number).value()
                + (path.startsWith("POST") ? "\r\nContent-Length: 0\r\n\r\n" : "\r\n\r\n");
    }

    /** One client is not like the other. */
    private static String preferences(int number) {
        return switch (number % 3) {
            case 0 -> "Accept: application/json\r\nAccept-Language: ko-KR,ko;q=0.9\r\n";
            case 1 ->
                    "Connection: keep-alive\r\nAccept: */*\r\nAccept-Language: en-GB,en;q=0.9\r\n";
            default -> "";
        };
    }

    /** Claims that no web server stands before. */
    private void ask(Stage stage, int first) {
        for (int number = first; number < first + properties.connections(); number++) {
            var _ =
                    claims.claim(campaign(stage, number), member(stage, number))
                            .completeOnTimeout(
                                    new ClaimResult.Unavailable(),
                                    TIMEOUT_MILLIS,
                                    TimeUnit.MILLISECONDS)
                            .join();
        }
    }

    private static CampaignId campaign(Stage stage, int number) {
        return number % 16 == 0 ? stage.paused() : stage.soldOut();
    }

    /** Mostly somebody new, who loses. */
    private static MemberId member(Stage stage, int number) {
        return number % 400 == 1
                ? stage.winners().get(number / 400 % stage.winners().size())
                : new MemberId("rehearsal-" + number);
    }
}
