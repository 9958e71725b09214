package com.coupon;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;

/** Clients that take their time hold up nobody, and not for ever a connection. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "coupon.security.identity=header",
            "coupon.web.rate-limits.member.enabled=false",
            "coupon.issuance.claims.lanes=1",
            // longer than a claim may take, so that whoever waits for a slow client is found out
            "coupon.issuance.claims.answer-within=2s",
            "server.tomcat.connection-timeout=5s",
            "server.tomcat.keep-alive-timeout=2s"
        })
@ActiveProfiles({"api", "consumer"})
@ContextConfiguration(initializers = IntegrationTest.OnRunningServers.class)
@Import(SmallSendBuffers.class)
@DirtiesContext
class SlowClientsIT {

    private static final int CLIENTS = 200;
    private static final int COUPONS = 100_000;
    private static final int ANSWERS_THAT_FIT_NOWHERE = 20_000;
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    @LocalServerPort private int port;

    private final String campaign = Campaigns.newId().value();
    private final List<Socket> slow = new ArrayList<>();
    private Http http = new Http(0);

    @BeforeEach
    void open() {
        http = new Http(port);
        http.open(campaign, COUPONS);
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : slow) {
            socket.close();
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket();
        slow.add(socket);
        socket.setReceiveBufferSize(1);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private String claim(String member) {
        return "POST /api/v1/campaigns/%s/claims HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nX-User-Id: %s\r\n\r\n"
                .formatted(campaign, member);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private void othersAreAnswered() {
        for (int i = 0; i < 20; i++) {
            assertThat(http.claim(campaign, "other-" + i).status()).isIn(200, 201);
        }
    }

    private void areCutOff() {
        await().atMost(LONG_ENOUGH).until(() -> slow.stream().allMatch(SlowClientsIT::isCutOff));
    }

    /** Reads what there is. */
    private static boolean isCutOff(Socket socket) {
        try {
            socket.setSoTimeout(1);
            byte[] bytes = new byte[65_536];
            while (true) {
                if (socket.getInputStream().read(bytes) < 0) {
                    return true;
                }
            }
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whoeverSendsHalfARequestIsCutOff() throws IOException {
        String request = claim("ann");
        for (int i = 0; i < CLIENTS; i++) {
            send(connect(), request.substring(0, request.length() / 2));
        }

        othersAreAnswered();
        areCutOff();
    }

    @Test
    void whoeverSendsNothingMoreIsCutOff() throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            send(connect(), claim("m" + i));
        }

        othersAreAnswered();
        areCutOff();
    }

    /** All claims of this test are decided by one thread, also those of the client. */
    @Test
    void whoeverDoesNotReadIsCutOff() throws IOException {
        Socket client = connect();
        var requests = new StringBuilder();
        for (int i = 0; i < ANSWERS_THAT_FIT_NOWHERE; i++) {
            requests.append(claim("m" + i));
        }
        Thread sender = Thread.ofVirtual().start(() -> sendUntilCutOff(client, requests));
        awaitNoMoreOfItsClaims();

        othersAreAnswered();
        await().atMost(LONG_ENOUGH).until(() -> !sender.isAlive());
        assertThat(http.find(campaign, "m" + (ANSWERS_THAT_FIT_NOWHERE - 1)).status())
                .as("who does not hear the answers is asked for no more")
                .isEqualTo(404);
    }

    /** Because what it does not read fits nowhere any more. */
    private void awaitNoMoreOfItsClaims() {
        var last = new AtomicLong(COUPONS);
        await().atMost(LONG_ENOUGH)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    long remaining = http.view(campaign).json().path("remaining").asLong();
                    return last.getAndSet(remaining) == remaining && remaining < COUPONS;
                });
    }

    private static void sendUntilCutOff(Socket client, CharSequence requests) {
        try {
            send(client, requests.toString());
        } catch (IOException e) {
            // as it should be
        }
    }
}
