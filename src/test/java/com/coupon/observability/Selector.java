package com.coupon.observability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A metric that a query of Prometheus asks for.
 *
 * @param labels all that it names, with the value where there is only one to match
 */
record Selector(String metric, Map<String, String> labels) {

    /** Stands for a label whatever its value. */
    static final String ANY = "";

    /** What is skipped comes first: texts, windows, labels to group and to join by. */
    private static final Pattern WORD =
            Pattern.compile(
                    """
                    "(?:[^"\\\\]|\\\\.)*"\
                    |\\[[^\\]]*]\
                    |\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)\
                    |(?<![\\w.])(?<metric>[a-zA-Z_:][\\w:]*)\
                    (?<labels>\\{(?:[^"}]|"(?:[^"\\\\]|\\\\.)*")*})?\
                    (?<call>\\s*(?:(?:by|without)\\s*\\([^)]*\\)\\s*)?\\()?\
                    """);

    private static final Pattern MATCHER =
            Pattern.compile("(\\w+)\\s*(=~|!=|!~|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static final Pattern VARIABLE =
            Pattern.compile("label_values\\(\\s*(\\w+)\\s*,\\s*(\\w+)\\s*\\)");

    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");

    /** All of a query, in PromQL or as Grafana asks for the values of a variable. */
    static List<Selector> of(String query) {
        Matcher variable = VARIABLE.matcher(query);
        if (variable.matches()) {
            return List.of(new Selector(variable.group(1), Map.of(variable.group(2), ANY)));
        }
        List<Selector> selectors = new ArrayList<>();
        Matcher word = WORD.matcher(query);
        while (word.find()) {
            String metric = word.group("metric");
            if (metric != null && word.group("call") == null && !OPERATORS.contains(metric)) {
                selectors.add(new Selector(metric, labels(word.group("labels"))));
            }
        }
        return selectors;
    }

    private static Map<String, String> labels(@Nullable String braces) {
        Map<String, String> labels = new HashMap<>();
        if (braces != null) {
            Matcher matcher = MATCHER.matcher(braces);
            while (matcher.find()) {
                labels.put(matcher.group(1), matcher.group(2).equals("=") ? matcher.group(3) : ANY);
            }
        }
        return labels;
    }
}
