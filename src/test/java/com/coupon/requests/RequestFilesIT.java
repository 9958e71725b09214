package com.coupon.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.coupon.IntegrationTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What the files of the folder {@code http} state of the answers is so. */
@IntegrationTest
class RequestFilesIT {

    @LocalServerPort private int port;

    private Map<String, String> given() {
        return Map.of(
                "host",
                "http://localhost:" + port,
                "run",
                UUID.randomUUID().toString().substring(0, 8));
    }

    @TestFactory
    Stream<DynamicContainer> theServiceAnswersAsStatedIn() {
        List<RequestFile> files = RequestFile.all(given());
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(file ->
                        dynamicContainer(
                                file.name(),
                                file.requests().stream()
                                        .map(request ->
                                                dynamicTest(
                                                        request.name(),
                                                        () -> file.send(request)))));
    }

    private void send(String comments) {
        String text =
                """
                @host = http://nowhere.invalid

                ### A campaign that is not there
                %s
                GET {{host}}/api/v1/campaigns/no-{{run}}
                """
                        .formatted(comments);
        RequestFile file = new RequestFile("one", text, given());
        file.send(file.requests().getFirst());
    }

    @Test
    void anAnswerThatIsAsStatedPasses() {
        assertThatCode(() ->
                        send(
                                """
                                # A comment
                                # → 404 unknown-campaign
                                # → Content-Type: application/problem
                                # → {"status":404}
                                # → "urn:coupon"
                                # ← type = Content-Type\
                                """))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# → 200",
                "# → 404 no-claim",
                "# → Location: /",
                "# → Content-Type: text/html",
                "# → {\"status\":200}",
                "# → \"something else\"",
                "# → {{unknown}}",
                "# → 404\n# ← etag = ETag",
                "# says nothing of the answer"
            })
    void anAnswerThatIsNotAsStatedIsNoticed(String comments) {
        assertThatThrownBy(() -> send(comments)).isInstanceOf(AssertionError.class);
    }

    @Test
    void waitingForAnAnswerHasAnEnd() {
        assertThatThrownBy(() -> send("# ↻ 1 s\n# → 200"))
                .isInstanceOf(ConditionTimeoutException.class);
    }

    @Test
    void aStatementThatIsNotUnderstoodIsRefused() {
        assertThatThrownBy(() -> send("# → maybe")).isInstanceOf(IllegalArgumentException.class);
    }
}
