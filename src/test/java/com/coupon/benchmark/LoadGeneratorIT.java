package com.coupon.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.servers.RedisProcess;
import com.nimbusds.jose.jwk.JWKSet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load generator tells what happened, no more and no less. */
class LoadGeneratorIT {

    private static final String SOLD_OUT = "{\"status\":409,\"code\":\"sold-out\"}";

    @TempDir private Path folder;

    @Test
    void whatTheServerAnsweredIsWhatTheGeneratorCounted() throws IOException {
        int port = RedisProcess.freePort();
        var answered = new AtomicLong();
        var members = ConcurrentHashMap.<String>newKeySet();
        try (var redis = RedisProcess.start(folder);
                var server =
                        ComparisonServer.start(
                                port,
                                redis.address().toString(),
                                SOLD_OUT,
                                new JWKSet().toString(),
                                (request, response, chain) -> {
                                    var http = (HttpServletRequest) request;
                                    members.add(http.getHeader("X-User-Id"));
                                    answered.incrementAndGet();
                                    chain.doFilter(request, response);
                                })) {
            assertThat(server.isActive()).isTrue();
            LoadPlan closed = LoadPlan.closed(port, "/servlet", 16, 1, 1);
            LoadResult result = LoadGenerator.run(closed);

            assertThat(result.total().keySet()).containsExactly("409 sold-out");
            assertThat(result.told("409 sold-out"))
                    .isEqualTo(result.sent())
                    .isEqualTo(answered.get())
                    .isEqualTo(members.size());
            assertThat(result.latency("409 sold-out").count()).isBetween(1L, result.sent() - 1);

            answered.set(0);
            LoadResult open =
                    LoadGenerator.run(closed.to(List.of("/controller")).from(1_000_000).open(500));
            assertThat(open.total().keySet()).containsExactly("200");
            assertThat(open.told("200")).isEqualTo(answered.get()).isBetween(990L, 1_000L);
            assertThat(open.notSent()).isZero();

            LoadResult refused =
                    LoadGenerator.run(closed.to(List.of("/verified")).from(2_000_000).open(200));
            assertThat(refused.total().keySet()).containsExactly("401");

            LoadResult read = LoadResult.read(open.write());
            assertThat(read.rate()).isEqualTo(open.rate()).isBetween(450.0, 550.0);
            assertThat(new HashSet<>(read.answers().keySet())).contains("200");
            assertThat(new ArrayList<>(read.total().values()))
                    .isEqualTo(new ArrayList<>(open.total().values()));
        }
    }
}
