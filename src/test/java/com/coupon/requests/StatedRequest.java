package com.coupon.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.json.JSONException;
import org.skyscreamer.jsonassert.JSONAssert;
import org.skyscreamer.jsonassert.JSONCompareMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request of a file, and the answer that its comments state. */
public final class StatedRequest {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private static final Pattern REQUEST_LINE = Pattern.compile("([A-Z]+) (\\S+)( HTTP/1\\.1)?");
    private static final Pattern HEADER = Pattern.compile("([\\w-]+):\\s*(.*)");
    private static final Pattern STATUS = Pattern.compile("(\\d{3})(?: (\\S+))?");
    private static final Pattern AGAIN = Pattern.compile("(?:#|//) ↻ (\\d+) s");
    private static final Pattern STATED = Pattern.compile("(?:#|//) → (.*)");
    private static final Pattern KEPT = Pattern.compile("(?:#|//) ← (\\w+) = ([\\w-]+)");

    private final String name;
    private final List<String> stated = new ArrayList<>();
    private final Map<String, String> kept = new HashMap<>();
    private Duration within = Duration.ZERO;
    private String method = "";
    private String url = "";
    private final List<String> headers = new ArrayList<>();
    private final String body;

    StatedRequest(List<String> lines) {
        this.name = lines.getFirst().strip();
        int line = 1;
        for (; !isRequestLine(lines.get(line)); line++) {
            comment(lines.get(line));
        }
        Matcher request = match(REQUEST_LINE, lines.get(line++));
        this.method = request.group(1);
        this.url = request.group(2);
        for (; line < lines.size() && !lines.get(line).isBlank(); line++) {
            Matcher header = match(HEADER, lines.get(line));
            headers.add(header.group(1));
            headers.add(header.group(2));
        }
        this.body = String.join("\n", lines.subList(line, lines.size())).strip();
    }

    static boolean isRequestLine(String line) {
        return REQUEST_LINE.matcher(line).matches();
    }

    private static Matcher match(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("This is not understood: " + text);
        }
        return matcher;
    }

    private void comment(String line) {
        Matcher again = AGAIN.matcher(line);
        Matcher answer = STATED.matcher(line);
        Matcher variable = KEPT.matcher(line);
        if (again.matches()) {
            within = Duration.ofSeconds(Long.parseLong(again.group(1)));
        } else if (answer.matches()) {
            stated.add(answer.group(1));
        } else if (variable.matches()) {
            kept.put(variable.group(1), variable.group(2));
        }
    }

    public String name() {
        return name;
    }

    /**
     * Sends it, again and again where the answer may take its time.
     *
     * @param filled puts values in the place of variables
     * @return the values that are to be kept, by variable
     */
    Map<String, String> send(UnaryOperator<String> filled) {
        if (within.isZero()) {
            return sendOnce(filled);
        }
        Map<String, String> values = new HashMap<>();
        await().atMost(within).untilAsserted(() -> values.putAll(sendOnce(filled)));
        return values;
    }

    private Map<String, String> sendOnce(UnaryOperator<String> filled) {
        String content = filled.apply(body);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(filled.apply(url)))
                        .timeout(ANSWER_WITHIN)
                        .method(
                                method,
                                content.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(content));
        if (!headers.isEmpty()) {
            request.headers(headers.stream().map(filled).toArray(String[]::new));
        }
        HttpResponse<String> answer = send(request.build());
        assertThat(stated).as("what '%s' states", name).isNotEmpty();
        for (String statement : stated) {
            check(answer, filled.apply(statement));
        }
        Map<String, String> values = new HashMap<>();
        kept.forEach((variable, header) ->
                values.put(
                        variable,
                        answer.headers()
                                .firstValue(header)
                                .orElseThrow(() -> new AssertionError("no " + header))));
        return values;
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void check(HttpResponse<String> answer, String statement) {
        Matcher status = STATUS.matcher(statement);
        Matcher header = HEADER.matcher(statement);
        if (status.matches()) {
            assertThat(answer.statusCode())
                    .as(answer.body())
                    .isEqualTo(Integer.parseInt(status.group(1)));
            if (status.group(2) != null) {
                JsonNode json = JSON.readTree(answer.body());
                assertThat(json.path("code").asString(json.path("status").asString("")))
                        .as(answer.body())
                        .isEqualTo(status.group(2));
            }
        } else if (statement.startsWith("{")) {
            try {
                JSONAssert.assertEquals(statement, answer.body(), JSONCompareMode.LENIENT);
            } catch (JSONException e) {
                throw new AssertionError("This is not JSON: " + answer.body(), e);
            }
        } else if (statement.startsWith("\"")) {
            assertThat(answer.body()).contains(statement.substring(1, statement.length() - 1));
        } else if (header.matches()) {
            assertThat(answer.headers().allValues(header.group(1)))
                    .as(header.group(1))
                    .anyMatch(value -> value.contains(header.group(2)));
        } else {
            throw new IllegalArgumentException("This is not understood: " + statement);
        }
    }
}
