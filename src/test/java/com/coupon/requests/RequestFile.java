package com.coupon.requests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of requests, as far as IntelliJ IDEA's HTTP client and VS Code's REST Client agree on what
 * it looks like; {@code http/README.md} says what its comments mean.
 */
public final class RequestFile {

    private static final Path FOLDER = Path.of("http");
    private static final Pattern SEPARATOR = Pattern.compile("(?m)^###");
    private static final Pattern ASSIGNMENT = Pattern.compile("@(\\w+)\\s*=\\s*(.*)");
    private static final Pattern REFERENCE = Pattern.compile("\\{\\{(\\w+)}}");
    private static final int DEEPEST_REFERENCE = 10;

    private final String name;
    private final List<StatedRequest> requests = new ArrayList<>();
    private final Map<String, String> variables = new HashMap<>();

    /**
     * @param given variables whose values in the file do not count
     */
    public RequestFile(String name, String text, Map<String, String> given) {
        this.name = name;
        SEPARATOR.splitAsStream(text).forEach(this::add);
        variables.putAll(given);
    }

    private void add(String part) {
        List<String> lines = new ArrayList<>();
        part.lines()
                .forEach(line -> {
                    Matcher assignment = ASSIGNMENT.matcher(line);
                    if (assignment.matches()) {
                        variables.put(assignment.group(1), assignment.group(2).strip());
                    } else {
                        lines.add(line);
                    }
                });
        if (lines.stream().anyMatch(StatedRequest::isRequestLine)) {
            requests.add(new StatedRequest(lines));
        }
    }

    /** All files of the folder, by name. */
    public static List<RequestFile> all(Map<String, String> given) {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".http"))
                    .sorted()
                    .map(file -> read(file, given))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RequestFile read(Path file, Map<String, String> given) {
        try {
            return new RequestFile(file.toString(), Files.readString(file), given);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String name() {
        return name;
    }

    /** In the order in which they are to be sent. */
    public List<StatedRequest> requests() {
        return List.copyOf(requests);
    }

    /**
     * Sends one of the requests and keeps what later ones want to know of its answer.
     *
     * @throws AssertionError if the answer is not the one that is stated
     */
    public void send(StatedRequest request) {
        request.send(this::filled).forEach(variables::put);
    }

    private String filled(String text) {
        String filled = text;
        for (int i = 0; i < DEEPEST_REFERENCE && REFERENCE.matcher(filled).find(); i++) {
            filled =
                    REFERENCE
                            .matcher(filled)
                            .replaceAll(reference ->
                                    Matcher.quoteReplacement(value(reference.group(1))));
        }
        return filled;
    }

    private String value(String variable) {
        String value = variables.get(variable);
        if (value == null) {
            throw new AssertionError(name + " does not say what {{" + variable + "}} is.");
        }
        return value;
    }
}
