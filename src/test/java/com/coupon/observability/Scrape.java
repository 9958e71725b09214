package com.coupon.observability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a process shows to Prometheus: the labels of each sample, by its name. */
record Scrape(Map<String, List<Map<String, String>>> samples) {

    /** Given by Prometheus itself, to every sample. */
    private static final Set<String> OF_THE_TARGET = Set.of("job", "instance");

    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-zA-Z_:][\\w:]*)(?:\\{((?:[^\"}]|\"(?:[^\"\\\\]|\\\\.)*\")*)})? .*");

    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    static Scrape parse(String text) {
        Map<String, List<Map<String, String>>> samples = new HashMap<>();
        text.lines()
                .map(SAMPLE::matcher)
                .filter(Matcher::matches)
                .forEach(sample ->
                        samples.computeIfAbsent(sample.group(1), name -> new ArrayList<>())
                                .add(labels(sample.group(2))));
        return new Scrape(samples);
    }

    private static Map<String, String> labels(@Nullable String braces) {
        Map<String, String> labels = new HashMap<>();
        if (braces != null) {
            Matcher label = LABEL.matcher(braces);
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
        }
        return labels;
    }

    /** Those that no sample answers to. */
    Set<String> missing(List<Selector> selectors) {
        Set<String> missing = new TreeSet<>();
        for (Selector selector : selectors) {
            if (samples.getOrDefault(selector.metric(), List.of()).stream()
                    .noneMatch(labels -> answers(labels, selector))) {
                missing.add(selector.metric() + selector.labels());
            }
        }
        return missing;
    }

    private static boolean answers(Map<String, String> labels, Selector selector) {
        return selector.labels().entrySet().stream()
                .filter(asked -> !OF_THE_TARGET.contains(asked.getKey()))
                .allMatch(asked ->
                        labels.containsKey(asked.getKey())
                                && (asked.getValue().equals(Selector.ANY)
                                        || asked.getValue().equals(labels.get(asked.getKey()))));
    }
}
