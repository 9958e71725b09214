package com.coupon.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What members' developers and operators read is there in Korean, too, and is kept in step. */
class KoreanPagesTest {

    private static final Path KOREAN = Path.of("docs/ko");

    /** The list of all, and the words they use; there is no need of it in English. */
    private static final Path INDEX = KOREAN.resolve("README.md");

    private static final Map<Path, Path> TRANSLATIONS =
            Map.of(
                    Path.of("README.md"), Path.of("README.ko.md"),
                    Path.of("docs/api.md"), KOREAN.resolve("api.md"),
                    Path.of("docs/clients.md"), KOREAN.resolve("clients.md"),
                    Path.of("docs/configuration.md"), KOREAN.resolve("configuration.md"),
                    Path.of("docs/console.md"), KOREAN.resolve("console.md"),
                    Path.of("docs/operations.md"), KOREAN.resolve("operations.md"),
                    Path.of("docs/pages.md"), KOREAN.resolve("pages.md"));

    static Stream<Arguments> pages() {
        return TRANSLATIONS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(pair -> arguments(pair.getKey(), pair.getValue()));
    }

    static Stream<Path> both() {
        return Stream.of(
                        TRANSLATIONS.keySet().stream(),
                        TRANSLATIONS.values().stream(),
                        Stream.of(INDEX))
                .flatMap(files -> files)
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void aPageAndItsTranslationAreInStep(Path page, Path korean) throws IOException {
        assertThat(korean).as("The Korean of %s", page).exists();

        assertThat(Translation.differences(Page.read(page), Page.read(korean), TRANSLATIONS))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("both")
    void everyLinkLeadsSomewhere(Path page) throws IOException {
        assertThat(Translation.deadLinks(Page.read(page))).isEmpty();
    }

    @Test
    void theFolderHasThesePagesAndNoOther() throws IOException {
        try (var files = Files.list(KOREAN)) {
            assertThat(files)
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(
                                            TRANSLATIONS.values().stream()
                                                    .filter(page -> page.startsWith(KOREAN)),
                                            Stream.of(INDEX))
                                    .toList());
        }
    }

    @Test
    void theIndexNamesThemAll() throws IOException {
        Set<Path> named =
                Page.read(INDEX).sections().stream()
                        .flatMap(section -> section.links().stream())
                        .map(link -> KOREAN.resolve(link.what()).normalize())
                        .collect(Collectors.toSet());

        assertThat(named).containsAll(TRANSLATIONS.values());
    }

    private static final String ENGLISH_TEXT =
            """
            # Made up

            [한국어](ko/made-up.md)

            Whoever reads [the rest](#the-rest) and [the API](api.md#how-often) sees 302 runs.

            ```sh
            mvn verify   # everything
            ```

            1. Then
               ```sh
               echo done
               ```

            ## The rest

            | a | b |
            |---|---|
            | `x` | one |
            """;

    private static final String KOREAN_TEXT =
            """
            # 지어낸 문서

            [English](../made-up.md)

            [나머지](#나머지)와 [API](api.md#호출-한도)를 읽으면 302회의 실행이 나옵니다.

            ```sh
            mvn verify   # everything
            ```

            1. 그다음
               ```sh
               echo done
               ```

            ## 나머지

            | 가 | 나 |
            |---|---|
            | `x` | 하나 |
            """;

    @TempDir private Path project;

    private List<String> differences(String english, String korean) throws IOException {
        Path folder = Files.createDirectories(project.resolve("docs/ko"));
        Path page = project.resolve("docs/made-up.md");
        Path api = project.resolve("docs/api.md");
        Map<Path, Path> translations =
                Map.of(page, folder.resolve("made-up.md"), api, folder.resolve("api.md"));
        Files.writeString(page, english);
        Files.writeString(folder.resolve("made-up.md"), korean);
        Files.writeString(api, "## How often\n");
        Files.writeString(folder.resolve("api.md"), "## 호출 한도\n");
        return Stream.concat(
                        Translation.differences(
                                Page.read(page),
                                Page.read(folder.resolve("made-up.md")),
                                translations)
                                .stream(),
                        Translation.deadLinks(Page.read(folder.resolve("made-up.md"))).stream())
                .map(difference -> difference.replace(project + "/", ""))
                .toList();
    }

    @Test
    void pagesThatAreInStepAreNotComplainedOf() throws IOException {
        assertThat(differences(ENGLISH_TEXT, KOREAN_TEXT)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    mvn verify   #     | mvn test   #        | Code block docs/ko/made-up.md:7 is
                    # everything       | # 전부              | and docs/made-up.md:7 is
                    echo done          | echo                | Code block docs/ko/made-up.md:12 is
                    ## 나머지          | ### 나머지          | Heading 2 of docs/ko/made-up.md is ### '나머지' (line 16), and of docs/made-up.md it is ## 'The rest' (line 16).
                    ## 나머지          | 나머지              | Heading 2 of docs/ko/made-up.md is missing
                    ¦ `x` ¦ 하나 ¦       | ¦ `x` ¦             | Table docs/ko/made-up.md:18 is
                    `x`                | `y`                 | does not have as code: [x]; it has, and docs/made-up.md has not: [y].
                    302                | 303                 | does not have as a figure: [302]
                    api.md#호출-한도   | ../api.md#how-often | has to link to
                    api.md#호출-한도   | api.md              | has to link to
                    #나머지            | #the-rest           | docs/ko/made-up.md:5 links to #the-rest, which is not there.
                    ../made-up.md      | ../api.md           | docs/ko/made-up.md does not begin with a link to docs/made-up.md.
                    """)
    void whatDiffersIsNamedWithItsPlace(String from, String to, String complaint)
            throws IOException {
        String changed = KOREAN_TEXT.replace(from.replace('¦', '|'), to.replace('¦', '|'));
        assertThat(changed).isNotEqualTo(KOREAN_TEXT);

        assertThat(differences(ENGLISH_TEXT, changed))
                .anySatisfy(difference -> assertThat(difference).contains(complaint));
    }

    @Test
    void aParagraphThatWasLeftInEnglishIsNamed() throws IOException {
        String sentence = "This one was forgotten by whoever translated.\n";

        assertThat(differences(ENGLISH_TEXT + sentence, KOREAN_TEXT + sentence))
                .singleElement()
                .asString()
                .startsWith("docs/ko/made-up.md:21 is not translated: This one");
    }
}
