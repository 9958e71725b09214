package com.coupon.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page of Markdown, as far as two pages can be compared: the part before the first heading, and
 * one for each heading.
 *
 * @param file where it is, relative to the project
 */
record Page(Path file, List<Section> sections) {

    private static final Pattern HEADING = Pattern.compile("(#{1,6}) +(.+)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\(([^) ]+)\\)");
    private static final Pattern FIGURE = Pattern.compile("\\d+(?:[.,:]\\d+)*");
    private static final Pattern BETWEEN_CELLS = Pattern.compile("(?<!\\\\)\\|");

    /** Where something stands, for whoever has to mend it. */
    record Placed<T>(T what, int line) {}

    /**
     * @param rows with that of the titles, without the line below it
     */
    record Table(int rows, List<Integer> columns) {}

    /**
     * @param level of its heading, 0 before the first one
     * @param line of its heading
     * @param blocks code, with fences and language
     * @param code what is written as code within the text
     * @param figures numbers within the text, as they are written
     * @param links their targets
     * @param text lines outside of blocks
     */
    record Section(
            int level,
            String title,
            int line,
            List<Placed<String>> blocks,
            List<Placed<Table>> tables,
            Set<String> code,
            Set<String> figures,
            List<Placed<String>> links,
            List<Placed<String>> text) {

        static Section under(int level, String title, int line) {
            return new Section(
                    level,
                    title,
                    line,
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new TreeSet<>(),
                    new TreeSet<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
        }

        private void read(String line, int number) {
            text.add(new Placed<>(line, number));
            String prose = CODE.matcher(line).replaceAll("");
            CODE.matcher(line).results().forEach(it -> code.add(it.group(1)));
            LINK.matcher(prose)
                    .results()
                    .forEach(it -> links.add(new Placed<>(it.group(2), number)));
            FIGURE.matcher(LINK.matcher(prose).replaceAll("$1"))
                    .results()
                    .forEach(it -> figures.add(it.group()));
        }
    }

    static Page read(Path file) throws IOException {
        return of(file, Files.readString(file));
    }

    static Page of(Path file, String text) {
        List<Section> sections = new ArrayList<>(List.of(Section.under(0, "", 1)));
        List<String> lines = text.lines().toList();
        int i = 0;
        while (i < lines.size()) {
            String line = lines.get(i);
            int start = i + 1;
            Section section = sections.getLast();
            var heading = HEADING.matcher(line);
            if (isFence(line)) {
                List<String> block = new ArrayList<>();
                do {
                    block.add(lines.get(i++));
                } while (i < lines.size() && !isFence(lines.get(i)));
                section.blocks.add(new Placed<>(String.join("\n", block), start));
                i++;
            } else if (line.startsWith("|")) {
                List<Integer> columns = new ArrayList<>();
                while (i < lines.size() && lines.get(i).startsWith("|")) {
                    if (i != start) { // which is the line below the titles
                        columns.add(columns(lines.get(i)));
                    }
                    section.read(lines.get(i), i + 1);
                    i++;
                }
                section.tables.add(new Placed<>(new Table(columns.size(), columns), start));
            } else {
                if (heading.matches()) {
                    section = Section.under(heading.group(1).length(), heading.group(2), start);
                    sections.add(section);
                }
                section.read(line, start);
                i++;
            }
        }
        return new Page(file, List.copyOf(sections));
    }

    /** Also within an item of a list, where it is indented. */
    private static boolean isFence(String line) {
        return line.stripLeading().startsWith("```");
    }

    private static int columns(String row) {
        return (int) BETWEEN_CELLS.matcher(row.strip()).results().count() - 1;
    }

    /**
     * The names by which links know the headings, each with the number of its section, made as
     * GitHub makes them.
     */
    Map<String, Integer> anchors() {
        Map<String, Integer> anchors = new HashMap<>();
        for (int number = 1; number < sections.size(); number++) {
            String title = LINK.matcher(sections.get(number).title).replaceAll("$1");
            String name =
                    title.toLowerCase(Locale.ROOT)
                            .codePoints()
                            .filter(it -> Character.isLetterOrDigit(it) || " -_".indexOf(it) >= 0)
                            .mapToObj(Character::toString)
                            .collect(Collectors.joining())
                            .replace(' ', '-');
            String anchor = name;
            for (int again = 1; anchors.containsKey(anchor); again++) {
                anchor = name + "-" + again;
            }
            anchors.put(anchor, number);
        }
        return anchors;
    }
}
