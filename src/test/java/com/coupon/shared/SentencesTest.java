package com.coupon.shared;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.shared.web.ProblemCode;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the service says, it can say in both languages. */
class SentencesTest {

    private static final Pattern HANGUL = Pattern.compile("\\p{IsHangul}");

    /** Where the code says a sentence by its key. */
    private static final Pattern DETAILS =
            Pattern.compile(
                    "(?:InvalidValueException|new Sentence|\\.detail|invalid)\\(\\s*\"([^\"]*)\"|\"detail\\.([^\"]+)\"");

    private static final Pattern CONSTRAINTS =
            Pattern.compile("import jakarta\\.validation\\.constraints\\.(\\w+);");

    private final Properties english = read("/problems.properties");
    private final Properties korean = read("/problems_ko.properties");

    private static Properties read(String resource) {
        try (var in = SentencesTest.class.getResourceAsStream(resource)) {
            var properties = new Properties();
            properties.load(
                    new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8));
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> found(Pattern pattern, String... folders) throws IOException {
        Set<String> found = new TreeSet<>();
        for (String folder : folders) {
            try (var files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    pattern.matcher(Files.readString(file))
                            .results()
                            .forEach(match ->
                                    found.add(
                                            match.group(1) != null
                                                    ? match.group(1)
                                                    : match.group(2)));
                }
            }
        }
        return found;
    }

    private Set<String> keys(String prefix) {
        return english.stringPropertyNames().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @EnumSource
    void everyProblemHasATitleInBothLanguages(ProblemCode code) {
        assertThat(code.title(Language.ENGLISH)).endsWith(".").doesNotContainPattern(HANGUL);
        assertThat(code.title(Language.KOREAN)).endsWith("다.").containsPattern(HANGUL);
    }

    @Test
    void everyDetailThatTheCodeSaysIsThereAndNoOther() throws IOException {
        Set<String> said = found(DETAILS, "src/main/java");
        said.remove(""); // the prefix itself

        assertThat(said).contains("campaign-id", "limit", "transition");
        assertThat(keys("detail.")).isEqualTo(said);
    }

    /** Those of configuration are told at the start, by Spring Boot. */
    @Test
    void everyConstraintOnARequestHasASentence() throws IOException {
        Set<String> used = new TreeSet<>();
        try (var files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().contains("adapter/in/web"))
                            .filter(path -> path.toString().endsWith(".java"))
                            .toList()) {
                String source = Files.readString(file);
                if (!source.contains("@ConfigurationProperties")) {
                    CONSTRAINTS
                            .matcher(source)
                            .results()
                            .forEach(match -> used.add(match.group(1)));
                }
            }
        }

        assertThat(used).isNotEmpty();
        assertThat(keys("constraint.")).containsAll(used);
    }

    @Test
    void bothLanguagesSayTheSame() {
        assertThat(korean.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
        for (String key : english.stringPropertyNames()) {
            assertThat(arguments(korean, key)).as(key).isEqualTo(arguments(english, key));
            assertThat(korean.getProperty(key)).as(key).endsWith("다.").containsPattern(HANGUL);
        }
    }

    /** An apostrophe that stands alone would swallow what follows it. */
    private static Set<String> arguments(Properties sentences, String key) {
        String sentence = sentences.getProperty(key);
        assertThat(sentence.replace("''", "")).as(key).doesNotContain("'");
        assertThat(new MessageFormat(sentence, Locale.ROOT).getFormats()).hasSizeLessThan(4);
        return Pattern.compile("\\{\\d}")
                .matcher(sentence)
                .results()
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void anUnknownKeyIsSaidAsItIs() {
        assertThat(Language.KOREAN.say("No such sentence.")).isEqualTo("No such sentence.");
    }

    @Test
    void aValueThatIsRefusedSaysWhyInEnglishInALogAndInBothLanguagesToItsSender() {
        var refused = new InvalidValueException("quantity", 1_000_000_000L);

        assertThat(refused).hasMessage("quantity is 1 to 1,000,000,000.");
        assertThat(refused.in(Language.KOREAN))
                .isEqualTo("quantity 항목은 1 이상 1,000,000,000 이하여야 합니다.");
    }
}
