package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.servers.RedisProcess;
import com.coupon.servers.RunningServers;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A process that is told to stop answers the claims that it has let in. */
class ShutdownIT {

    @TempDir Path folder = Path.of("");

    private static ConfigurableApplicationContext start(String redis) {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("coupon.security.identity", "header");
        properties.put("coupon.redis.nodes", redis);
        properties.put("coupon.redis.timeout", "20s");
        properties.put("coupon.issuance.claims.answer-within", "20s");
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles("api");
        application.setRegisterShutdownHook(false);
        return application.run(
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    @Test
    void claimsThatAreUnderWayAreAnsweredAndOnlyThenItStops() throws Exception {
        try (RedisProcess redis = RedisProcess.start(folder);
                ConfigurableApplicationContext context = start(redis.address().toString());
                HttpClient http = HttpClient.newHttpClient()) {
            String port = context.getEnvironment().getRequiredProperty("local.server.port");
            URI claims = URI.create("http://127.0.0.1:" + port + "/api/v1/campaigns/none/claims");
            HttpRequest claim =
                    HttpRequest.newBuilder(claims)
                            .header("X-User-Id", "ann")
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build();
            http.send(claim, HttpResponse.BodyHandlers.ofString());

            redis.signals().freeze();
            CompletableFuture<HttpResponse<String>> answer =
                    http.sendAsync(claim, HttpResponse.BodyHandlers.ofString());
            var meters = context.getBean(MeterRegistry.class);
            var batches = meters.get("coupon.claims.batch.size").summary();
            await().until(() -> batches.count() == 2);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close);
            await().until(() -> !isLettingIn(claims));
            assertThat(closing).as("it waits for the claim").isNotDone();
            redis.signals().thaw();

            assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
            closing.get(30, TimeUnit.SECONDS);
        }
    }

    private static boolean isLettingIn(URI url) {
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
