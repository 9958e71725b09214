package com.coupon.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The file in which results are collected, so that many runs can be made in portions. */
record Results(Path file) {

    private static final JsonMapper JSON = new JsonMapper();

    void add(Result result) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(
                file,
                JSON.writeValueAsString(result) + System.lineSeparator(),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** All that was collected, or nothing where there is no file yet. */
    List<Result> read() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Result> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) {
                all.add(JSON.readValue(line, Result.class));
            }
        }
        return all;
    }

    /** A Markdown table, a row for each fault and topology, in the order of the faults. */
    static String table(List<Result> results) {
        Map<String, List<Result>> groups = new TreeMap<>();
        for (Result result : results) {
            groups.computeIfAbsent(title(result), key -> new ArrayList<>()).add(result);
        }
        StringBuilder table =
                new StringBuilder(
                        """
                        | fault | topology | runs | acknowledged | lost | oversold | other violations | pause, median / max (ms) | of it until Redis had elected, median / max (ms) | ledger complete after, median / max (ms) |
                        |---|---|---:|---:|---:|---:|---:|---:|---:|---:|
                        """);
        groups.forEach((title, group) ->
                table.append("| ")
                        .append(
                                String.join(
                                        " | ",
                                        title,
                                        Integer.toString(group.size()),
                                        sum(group, Result::acknowledged),
                                        sum(group, Result::lost),
                                        sum(group, Result::oversold),
                                        sum(group, Result::other),
                                        spread(group, Result::pauseMillis),
                                        spread(group, Result::electedMillis),
                                        spread(group, Result::convergedMillis)))
                        .append(" |\n"));
        return table.toString();
    }

    private static String title(Result result) {
        String control = result.control() == null ? "" : ", without " + result.control();
        return result.fault() + control + " | " + result.topology();
    }

    private static String sum(List<Result> group, ToIntFunction<Result> figure) {
        return Integer.toString(group.stream().mapToInt(figure).sum());
    }

    private static String spread(List<Result> group, Function<Result, @Nullable Long> figure) {
        List<Long> sorted =
                group.stream().map(figure).flatMap(Stream::ofNullable).sorted().toList();
        return sorted.isEmpty()
                ? "–"
                : sorted.get((sorted.size() - 1) / 2) + " / " + sorted.getLast();
    }
}
