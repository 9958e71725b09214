package com.coupon.examples.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.coupon.examples.client.ClaimAnswer.Lost;
import com.coupon.examples.client.ClaimAnswer.Mistake;
import com.coupon.examples.client.ClaimAnswer.NotNow;
import com.coupon.examples.client.ClaimAnswer.Won;
import com.coupon.examples.client.ClaimClient.Question;
import com.coupon.examples.client.ClaimClient.Step;
import com.coupon.fuzz.ApiOperation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** The table of {@code docs/clients.md}, the API document and the example say the same. */
class ClientRulesTest {

    private static final Path RULES = Path.of("docs/clients.md");
    private static final String CLAIMS = "/api/v1/campaigns/{campaign}/claims";

    /** {@code | 409 | `sold-out` | **no** …} */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (\\d{3}) \\| `([\\w-]+)` \\| \\*\\*(\\w+)\\*\\*.*$");

    private final HttpClient http = ClaimClient.http();
    private final ClaimClient client =
            new ClaimClient(
                    http,
                    URI.create("http://127.0.0.1"),
                    RetryPolicy.DEFAULT,
                    new RetryBudget(10, 10),
                    new SkippedTime(),
                    new Random(1));

    @AfterEach
    void close() {
        http.shutdownNow();
    }

    private record Row(int status, String word, String verdict) {}

    private static List<Row> rows() throws IOException {
        return rows(RULES);
    }

    private static List<Row> rows(Path rules) throws IOException {
        return ROW.matcher(Files.readString(rules))
                .results()
                .map(row -> new Row(Integer.parseInt(row.group(1)), row.group(2), row.group(3)))
                .toList();
    }

    static Stream<Arguments> answers() throws IOException {
        return rows().stream().map(row -> arguments(row.status(), row.word(), row.verdict()));
    }

    private Step read(int status, String body) {
        return client.read(Question.CLAIM, status, new JsonMapper().readTree(body), null);
    }

    private static String verdict(Step step) {
        return switch (step) {
            case Step.Done(Won _) -> "yes";
            case Step.Done(Lost _) -> "no";
            case Step.Done(NotNow _) -> "later";
            case Step.Done(Mistake _) -> "mend";
            case Step.Done(ClaimAnswer.Unknown _) -> "unknown";
            case Step.Ask(Question question, _, _) -> question == Question.FIND ? "ask" : "again";
        };
    }

    @ParameterizedTest
    @MethodSource("answers")
    void theExampleDoesWhatTheTableSays(int status, String word, String verdict) {
        String body =
                status < 300
                        ? "{\"status\":\"%s\",\"serial\":1,\"couponCode\":\"0123\"}".formatted(word)
                        : "{\"status\":%d,\"code\":\"%s\"}".formatted(status, word);

        assertThat(verdict(read(status, body))).isEqualTo(verdict);
    }

    @Test
    void theTableHasEveryProblemThatAClaimIsAnsweredWithAndNoOther() throws IOException {
        List<String> documented =
                ApiOperation.all().stream()
                        .filter(it -> it.path().startsWith(CLAIMS))
                        .flatMap(it ->
                                it.answers().entrySet().stream()
                                        .flatMap(answer ->
                                                answer.getValue().stream()
                                                        .map(code -> answer.getKey() + " " + code)))
                        .distinct()
                        .toList();

        assertThat(documented).hasSizeGreaterThan(10);
        assertThat(
                        rows().stream()
                                .filter(row -> row.status() >= 300)
                                .map(row -> row.status() + " " + row.word()))
                .containsExactlyInAnyOrderElementsOf(documented);
        assertThat(rows()).filteredOn(row -> row.status() < 300).hasSize(3);
    }

    @Test
    void theTableSaysTheSameInKorean() throws IOException {
        assertThat(rows(Path.of("docs/ko/clients.md"))).isEqualTo(rows());
    }

    /** What no node of this service says, but something in between may. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    502 | <html>Bad Gateway</html>    | again
                    503 | ''                          | again
                    504 | []                          | again
                    599 | {"code":{"not":"a text"}}   | again
                    503 | {"code":"made-up"}          | again
                    429 | nonsense                    | again
                    409 | {"code":"made-up"}          | mend
                    404 | <html>Not Found</html>      | mend
                    301 | ''                          | mend
                    418 | {}                          | mend
                    200 | <html>Welcome</html>        | mend
                    200 | {"status":"ALREADY_ISSUED"} | mend
                    """)
    void whatIsNoAnswerOfTheServiceIsReadByItsStatus(int status, String body, String verdict) {
        assertThat(verdict(client.read(Question.CLAIM, status, ClaimClient.json(body), null)))
                .isEqualTo(verdict);
    }

    @Test
    void whatWasPendingIsAskedForAgainWhileTheNodeIsBusy() {
        var json = new JsonMapper().readTree("{\"code\":\"overloaded\"}");

        assertThat(verdict(client.read(Question.FIND, 503, json, null))).isEqualTo("ask");
        assertThat(verdict(client.read(Question.CLAIM, 503, json, null))).isEqualTo("again");
    }
}
