package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.application.Rehearsing;
import com.coupon.issuance.application.Rehearsing.Stage;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.port.in.ClaimCoupon;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(5);
    private static final int UNAUTHENTICATED = 401;

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
            rehearsing.on(stage -> rehearse(stage, port));
            log.info("Warmed up in {} ms.", Duration.ofNanos(System.nanoTime() - start).toMillis());
        } catch (IssuanceUnavailableException e) {
            log.warn("This process is cold: {}", e.getMessage());
        }
    }

    private void rehearse(Stage stage, int port) {
        InetAddress address = server.getAddress();
        String host =
                address == null || address.isAnyLocalAddress()
                        ? "localhost"
                        : address.getHostAddress();
        try (HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(LONG_ENOUGH)
                        .build()) {
            new Rehearsal(stage, "http://" + host + ":" + port, http).run();
        }
    }

    /** Claims that are made until there were enough, some at the same time. */
    private final class Rehearsal {

        private final Stage stage;
        private final String url;
        private final HttpClient http;
        private final Semaphore places = new Semaphore(properties.connections());
        private final AtomicInteger strangers = new AtomicInteger();

        Rehearsal(Stage stage, String url, HttpClient http) {
            this.stage = stage;
            this.url = url;
            this.http = http;
        }

        void run() {
            long end = System.nanoTime() + properties.atMost().toNanos();
            for (int number = 0;
                    number < properties.claims() && System.nanoTime() - end < 0;
                    number++) {
                places.acquireUninterruptibly();
                var _ = ask(number).handle((answer, failure) -> leave());
            }
            places.acquireUninterruptibly(properties.connections()); // all have time-outs
        }

        private boolean leave() {
            places.release();
            return true;
        }

        private CompletableFuture<?> ask(int number) {
            CampaignId campaign = number % 4 == 0 ? stage.paused() : stage.soldOut();
            MemberId member =
                    number % 40 == 1
                            ? stage.winners().get(number / 40 % stage.winners().size())
                            : new MemberId("rehearsal-" + number);
            if (strangers.get() > properties.connections()) {
                return claims.claim(campaign, member)
                        .orTimeout(LONG_ENOUGH.toNanos(), TimeUnit.NANOSECONDS);
            }
            return http.sendAsync(request(number, campaign, member), BodyHandlers.discarding())
                    .thenAccept(answer -> {
                        if (answer.statusCode() == UNAUTHENTICATED) {
                            strangers.incrementAndGet();
                        }
                    });
        }

        private HttpRequest request(int number, CampaignId campaign, MemberId member) {
            String path = url + "/api/v1/campaigns/" + campaign;
            var request =
                    HttpRequest.newBuilder()
                            .timeout(LONG_ENOUGH)
                            .header("X-User-Id", member.value());
            return switch (number % 100) {
                case 50 -> request.uri(URI.create(path)).build();
                case 51 -> request.uri(URI.create(path + "/claims/me")).build();
                default ->
                        request.uri(URI.create(path + "/claims"))
                                .POST(BodyPublishers.noBody())
                                .build();
            };
        }
    }
}
