package com.coupon.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The rules of Prometheus with their tests, and the dashboards of Grafana. */
final class AlarmFiles {

    static final Path RULES = Path.of("infra/prometheus/rules");
    static final Path TESTS = Path.of("infra/prometheus/tests");
    static final Path DASHBOARDS = Path.of("infra/grafana/dashboards");

    private static final JsonMapper JSON = new JsonMapper();

    private AlarmFiles() {}

    /** A rule that alerts. */
    record Alert(String name, Map<String, String> labels, Map<String, String> annotations) {

        /** The page that explains it, as its annotation says. */
        String runbook() {
            return annotations.getOrDefault("runbook_url", "");
        }
    }

    /**
     * A moment in a test of rules.
     *
     * @param firing the labels of each alert of this name that has to fire then
     */
    record Expectation(String alert, List<Map<String, String>> firing) {

        /** Whether it says so of this very rule, and not of another one with the same name. */
        boolean saysThatItFires(Alert rule) {
            return alert.equals(rule.name())
                    && firing.stream()
                            .anyMatch(labels ->
                                    labels.entrySet().containsAll(rule.labels().entrySet()));
        }

        boolean saysThatItIsQuiet(Alert rule) {
            return alert.equals(rule.name()) && !saysThatItFires(rule);
        }
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode yaml(Path file) {
        return JSON.valueToTree(
                new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(read(file)));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new HashMap<>();
        object.properties()
                .forEach(member -> texts.put(member.getKey(), member.getValue().asString()));
        return texts;
    }

    private static List<JsonNode> rules() {
        List<JsonNode> rules = new ArrayList<>();
        for (Path file : files(RULES)) {
            for (JsonNode group : yaml(file).path("groups")) {
                group.path("rules").forEach(rules::add);
            }
        }
        return rules;
    }

    static List<Alert> alerts() {
        return rules().stream()
                .filter(rule -> rule.has("alert"))
                .map(rule ->
                        new Alert(
                                rule.path("alert").asString(),
                                texts(rule.path("labels")),
                                texts(rule.path("annotations"))))
                .toList();
    }

    static List<Expectation> expectations() {
        List<Expectation> expectations = new ArrayList<>();
        for (Path file : files(TESTS)) {
            for (JsonNode test : yaml(file).path("tests")) {
                for (JsonNode moment : test.path("alert_rule_test")) {
                    List<Map<String, String>> firing = new ArrayList<>();
                    moment.path("exp_alerts")
                            .forEach(alert -> firing.add(texts(alert.path("exp_labels"))));
                    expectations.add(new Expectation(moment.path("alertname").asString(), firing));
                }
            }
        }
        return expectations;
    }

    /** All that rules and dashboards ask Prometheus for, but for what rules record themselves. */
    static List<Selector> selectors() {
        List<String> queries = new ArrayList<>();
        Set<String> recorded = new HashSet<>();
        for (JsonNode rule : rules()) {
            queries.add(rule.path("expr").asString());
            recorded.add(rule.path("record").asString(""));
        }
        for (Path dashboard : files(DASHBOARDS)) {
            JsonNode json = JSON.readTree(read(dashboard));
            json.findValues("expr").forEach(query -> queries.add(query.asString()));
            json.findValues("definition").forEach(query -> queries.add(query.asString()));
        }
        return queries.stream()
                .flatMap(query -> Selector.of(query).stream())
                .filter(selector -> !recorded.contains(selector.metric()))
                .toList();
    }
}
