package com.coupon.documentation;

import com.coupon.documentation.Page.Placed;
import com.coupon.documentation.Page.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a page and its translation are in step, as far as that can be told without reading: what
 * is for programs must be the same, and all else be there.
 */
final class Translation {

    private static final Pattern HANGUL = Pattern.compile("\\p{IsHangul}");
    private static final Pattern SEVERAL_WORDS = Pattern.compile("(?:\\b[A-Za-z]+\\b\\W+){4}");
    private static final Pattern CODE = Pattern.compile("`[^`]+`");

    private final Page original;
    private final Page translated;
    private final Map<Path, Path> translations;
    private final List<String> differences = new ArrayList<>();

    private Translation(Page original, Page translated, Map<Path, Path> translations) {
        this.original = original;
        this.translated = translated;
        this.translations = translations;
    }

    /**
     * @param translations of all pages that have one, relative to the project
     * @return what differs, a sentence each that says where; empty if nothing does
     */
    static List<String> differences(Page original, Page translated, Map<Path, Path> translations) {
        var translation = new Translation(original, translated, translations);
        translation.compare();
        return List.copyOf(translation.differences);
    }

    /** Links that lead nowhere, a sentence each. */
    static List<String> deadLinks(Page page) {
        List<String> dead = new ArrayList<>();
        for (Section section : page.sections()) {
            for (Placed<String> link : section.links()) {
                if (Target.of(page, link.what()) == null) {
                    dead.add(
                            "%s:%d links to %s, which is not there."
                                    .formatted(page.file(), link.line(), link.what()));
                }
            }
        }
        return dead;
    }

    /**
     * Where a link leads.
     *
     * @param place a file relative to the project, or an address elsewhere
     * @param section the number of the section it names, 0 for the whole page
     */
    private record Target(String place, int section) implements Comparable<Target> {

        static @Nullable Target of(Page from, String link) {
            if (link.contains("://")) {
                return new Target(link, 0);
            }
            int hash = link.indexOf('#');
            String path = hash < 0 ? link : link.substring(0, hash);
            Path file = path.isEmpty() ? from.file() : beside(from, path);
            if (hash < 0) {
                return Files.exists(file) ? new Target(file.toString(), 0) : null;
            }
            try {
                Page page = path.isEmpty() ? from : Page.read(file);
                Integer section = page.anchors().get(link.substring(hash + 1));
                return section == null ? null : new Target(file.toString(), section);
            } catch (IOException e) {
                return null;
            }
        }

        private static Path beside(Page from, String path) {
            Path folder = from.file().getParent();
            return (folder == null ? Path.of(path) : folder.resolve(path)).normalize();
        }

        @Override
        public int compareTo(Target other) {
            return Comparator.comparing(Target::place)
                    .thenComparingInt(Target::section)
                    .compare(this, other);
        }

        @Override
        public String toString() {
            return section == 0 ? place : place + ", its heading " + section;
        }
    }

    private void compare() {
        toldOfEachOther(original, translated);
        toldOfEachOther(translated, original);
        if (sameHeadings()) {
            for (int number = 0; number < original.sections().size(); number++) {
                compare(original.sections().get(number), translated.sections().get(number));
            }
        }
        untranslated();
    }

    /** The first link of a page leads to the other language. */
    private void toldOfEachOther(Page page, Page other) {
        boolean told =
                page.sections().stream()
                        .flatMap(section -> section.links().stream())
                        .limit(1)
                        .map(link -> Target.of(page, link.what()))
                        .anyMatch(new Target(other.file().toString(), 0)::equals);
        if (!told) {
            differences.add(
                    "%s does not begin with a link to %s.".formatted(page.file(), other.file()));
        }
    }

    private boolean sameHeadings() {
        int most = Math.max(original.sections().size(), translated.sections().size());
        for (int number = 1; number < most; number++) {
            if (level(original, number) != level(translated, number)) {
                differences.add(
                        "Heading %d of %s is %s, and of %s it is %s."
                                .formatted(
                                        number,
                                        translated.file(),
                                        heading(translated, number),
                                        original.file(),
                                        heading(original, number)));
                return false;
            }
        }
        return true;
    }

    private static int level(Page page, int number) {
        return number < page.sections().size() ? page.sections().get(number).level() : 0;
    }

    private static String heading(Page page, int number) {
        if (number >= page.sections().size()) {
            return "missing";
        }
        Section section = page.sections().get(number);
        return "%s '%s' (line %d)"
                .formatted("#".repeat(section.level()), section.title(), section.line());
    }

    private void compare(Section there, Section here) {
        compareOneByOne("Code block", there.blocks(), here.blocks(), it -> it);
        compareOneByOne(
                "Table",
                there.tables(),
                here.tables(),
                it -> "%d rows of %s cells".formatted(it.rows(), it.columns()));
        compareSets("as code", there.code(), here.code(), here);
        // Korean may say with digits what English says in words
        Set<String> figures = new TreeSet<>(there.figures());
        figures.removeAll(here.figures());
        compareSets("as a figure", figures, Set.of(), here);
        compareLinks(there, here);
    }

    private <T> void compareOneByOne(
            String kind, List<Placed<T>> there, List<Placed<T>> here, Function<T, String> text) {
        for (int number = 0; number < Math.max(there.size(), here.size()); number++) {
            String left = number < there.size() ? text.apply(there.get(number).what()) : "missing";
            String right = number < here.size() ? text.apply(here.get(number).what()) : "missing";
            if (!left.equals(right)) {
                differences.add(
                        "%s %s is\n%s\nand %s is\n%s"
                                .formatted(
                                        kind,
                                        place(translated, here, number),
                                        right,
                                        place(original, there, number),
                                        left));
            }
        }
    }

    private static <T> String place(Page page, List<Placed<T>> list, int number) {
        return number < list.size()
                ? page.file() + ":" + list.get(number).line()
                : "number %d of its part of %s".formatted(number + 1, page.file());
    }

    private void compareSets(String kind, Set<String> there, Set<String> here, Section section) {
        Set<String> missing = new TreeSet<>(there);
        missing.removeAll(here);
        Set<String> added = new TreeSet<>(here);
        added.removeAll(there);
        if (!missing.isEmpty() || !added.isEmpty()) {
            differences.add(
                    "The part '%s' (%s:%d) does not have %s: %s; it has, and %s has not: %s."
                            .formatted(
                                    section.title(),
                                    translated.file(),
                                    section.line(),
                                    kind,
                                    missing,
                                    original.file(),
                                    added));
        }
    }

    private void compareLinks(Section there, Section here) {
        List<Target> due = targets(original, there, this::inTheOtherLanguage);
        List<Target> found = targets(translated, here, UnaryOperator.identity());
        if (!due.equals(found)) {
            differences.add(
                    "The part '%s' (%s:%d) links to %s, and has to link to %s."
                            .formatted(here.title(), translated.file(), here.line(), found, due));
        }
    }

    /** Without what a page begins with, and what leads nowhere, which is told by itself. */
    private List<Target> targets(Page page, Section section, UnaryOperator<Target> as) {
        Set<String> eachOther = Set.of(original.file().toString(), translated.file().toString());
        return section.links().stream()
                .map(link -> Target.of(page, link.what()))
                .filter(target -> target != null)
                .filter(target ->
                        target.section() > 0
                                || !eachOther.contains(target.place())
                                || target.place().equals(page.file().toString()))
                .map(as)
                .sorted()
                .toList();
    }

    /** Both pages have the same headings, so the section keeps its number. */
    private Target inTheOtherLanguage(Target target) {
        Path other = translations.get(Path.of(target.place()));
        return other == null ? target : new Target(other.toString(), target.section());
    }

    private void untranslated() {
        Set<String> lines =
                original.sections().stream()
                        .flatMap(section -> section.text().stream())
                        .map(Placed::what)
                        .collect(Collectors.toSet());
        for (Section section : translated.sections()) {
            for (Placed<String> line : section.text()) {
                if (lines.contains(line.what())
                        && !HANGUL.matcher(line.what()).find()
                        && SEVERAL_WORDS.matcher(CODE.matcher(line.what()).replaceAll("")).find()) {
                    differences.add(
                            "%s:%d is not translated: %s"
                                    .formatted(translated.file(), line.line(), line.what()));
                }
            }
        }
    }
}
