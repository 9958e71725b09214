package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The port of management shows three things and nothing else. */
@IntegrationTest
class ManagementPortIT {

    @LocalServerPort private int port;
    @LocalManagementPort private int managementPort;

    private Http http = new Http(0);
    private Http management = new Http(0);

    @BeforeEach
    void connect() {
        http = new Http(port);
        management = new Http(managementPort);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health",
                "/actuator/health/readiness",
                "/actuator/health/liveness",
                "/actuator/info",
                "/actuator/prometheus"
            })
    void theseAreThere(String path) {
        assertThat(management.call("GET", path, "").status()).isEqualTo(200);
        assertThat(http.call("GET", path, "").status()).as("not on the other port").isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/env",
                "/actuator/beans",
                "/actuator/heapdump",
                "/actuator/threaddump",
                "/actuator/shutdown",
                "/actuator/loggers",
                "/actuator/mappings",
                "/actuator/configprops",
                "/actuator/sbom",
                "/actuator",
                "/",
                "/error",
                "/api/v1/campaigns/x"
            })
    void theseAreNot(String path) {
        for (String method : new String[] {"GET", "POST"}) {
            var answer =
                    management.call(
                            method, path, "", "X-User-Id", "ops", "X-User-Scopes", "coupon.admin");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.response().body()).doesNotContain("Exception", "java.");
        }
    }

    @Test
    void theAdminApiIsNotThereEither() {
        String path = "/api/v1/admin/campaigns";
        assertThat(management.call("GET", path, "").status()).isEqualTo(401);
        assertThat(
                        management
                                .call(
                                        "GET",
                                        path,
                                        "",
                                        "X-User-Id",
                                        "o",
                                        "X-User-Scopes",
                                        "coupon.admin")
                                .status())
                .isEqualTo(404);
    }

    @Test
    void healthTellsNoDetails() {
        String body = management.call("GET", "/actuator/health", "").response().body();

        assertThat(body).contains("\"status\":\"UP\"").doesNotContain("details", "components");
    }

    @Test
    void whatTheWebServerRefusesTellsNothingOfIt() throws IOException {
        try (var socket = new Socket("localhost", managementPort)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            "GET /actuator/a|b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400")
                    .doesNotContain("Tomcat", "Exception", "java.");
        }
    }
}
