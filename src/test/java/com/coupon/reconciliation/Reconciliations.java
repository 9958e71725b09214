package com.coupon.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Http;
import com.coupon.Http.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reconciliations as an operator asks for them. */
final class Reconciliations {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    private final Http http;

    Reconciliations(Http http) {
        this.http = http;
    }

    /**
     * @return the path of the run below the admin API
     */
    String request(String campaign, String mode) {
        Answer asked =
                http.admin(
                        "POST",
                        "/reconciliations",
                        "{\"campaignId\":\"%s\",\"mode\":\"%s\"}".formatted(campaign, mode));
        assertThat(asked.status()).as(asked.response().body()).isEqualTo(202);
        return asked.header("Location").replace("/api/v1/admin", "");
    }

    JsonNode find(String run) {
        return http.admin("GET", run, "").json();
    }

    /** The run once it is over. */
    JsonNode awaitEnd(String run) {
        return await().atMost(LONG_ENOUGH)
                .until(
                        () -> find(run),
                        body ->
                                !Set.of("QUEUED", "RUNNING")
                                        .contains(body.path("status").asString("")));
    }

    /** A run that is completed. */
    JsonNode completed(String campaign, String mode) {
        String run = request(campaign, mode);
        JsonNode end = awaitEnd(run);
        assertThat(end.path("status").asString("")).as(end.toString()).isEqualTo("COMPLETED");
        return end;
    }

    List<JsonNode> findings(JsonNode run) {
        return http.admin(
                        "GET",
                        "/reconciliations/" + run.path("id").asLong() + "/findings?limit=1000",
                        "")
                .json()
                .path("items")
                .valueStream()
                .toList();
    }
}
