package com.coupon.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.observability.AlarmFiles.Alert;
import com.coupon.observability.AlarmFiles.Expectation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every alert is tested both ways, has a page, and says whom it wakes. */
class AlarmsTest {

    private static final Path RUNBOOKS = Path.of("docs/runbooks");

    private final List<Alert> alerts = AlarmFiles.alerts();

    private static List<Alert> untested(List<Alert> alerts) {
        List<Expectation> expectations = AlarmFiles.expectations();
        return alerts.stream()
                .filter(alert ->
                        expectations.stream().noneMatch(moment -> moment.saysThatItFires(alert))
                                || expectations.stream()
                                        .noneMatch(moment -> moment.saysThatItIsQuiet(alert)))
                .toList();
    }

    private static List<Alert> unexplained(List<Alert> alerts) {
        return alerts.stream()
                .filter(alert ->
                        !alert.runbook().equals("docs/runbooks/" + page(alert.name()))
                                || !Files.exists(Path.of(alert.runbook())))
                .toList();
    }

    private static String page(String alert) {
        return alert.replaceAll("(?<=.)(?=[A-Z])", "-").toLowerCase(Locale.ROOT) + ".md";
    }

    @Test
    void everyRuleIsShownToFireAndToStayQuiet() {
        assertThat(alerts).hasSizeGreaterThan(20);
        assertThat(untested(alerts)).isEmpty();
    }

    @Test
    void everyAlertHasItsPage() {
        assertThat(unexplained(alerts)).isEmpty();
    }

    @Test
    void anAlertWithoutTestAndPageIsNoticed() {
        var madeUp = new Alert("MadeUp", Map.of("severity", "page"), Map.of());
        assertThat(untested(List.of(madeUp))).containsExactly(madeUp);
        assertThat(unexplained(List.of(madeUp))).containsExactly(madeUp);
    }

    @Test
    void aRuleWhoseNameAloneIsTestedIsNoticed() {
        var other = new Alert("RedisMemoryHigh", Map.of("severity", "nobody"), Map.of());
        assertThat(untested(List.of(other))).containsExactly(other);
    }

    @Test
    void everyPageHasAnAlertAndAllThatIsAsked() throws IOException {
        List<String> names = alerts.stream().map(alert -> page(alert.name())).toList();
        try (Stream<Path> pages = Files.list(RUNBOOKS)) {
            assertThat(pages.filter(page -> !page.endsWith("README.md")))
                    .allSatisfy(page -> assertThat(names).contains(page.getFileName().toString()))
                    .allSatisfy(page ->
                            assertThat(AlarmFiles.read(page))
                                    .contains(
                                            "## What it means",
                                            "## What to look at",
                                            "## What to do",
                                            "## When it is over"));
        }
        String index = AlarmFiles.read(RUNBOOKS.resolve("README.md"));
        assertThat(names).allSatisfy(page -> assertThat(index).contains("(" + page + ")"));
    }

    @Test
    void everyAlertSaysWhomItWakes() {
        assertThat(alerts)
                .allSatisfy(alert -> {
                    assertThat(alert.labels().get("severity")).isIn("page", "ticket");
                    assertThat(alert.annotations()).containsKeys("summary", "description");
                });
    }

    @Test
    void selectorsAreFoundInQueries() {
        assertThat(
                        Selector.of(
                                """
                                (sum by (le) (rate(a_bucket{uri="/x/{y}", le="0.25", s=~"2.."}[5m])) or vector(0))
                                / 1e3 > 14.4 * coupon:b:ratio and on (instance) max(c) unless d{}\
                                """))
                .containsExactly(
                        new Selector("a_bucket", Map.of("uri", "/x/{y}", "le", "0.25", "s", "")),
                        new Selector("coupon:b:ratio", Map.of()),
                        new Selector("c", Map.of()),
                        new Selector("d", Map.of()));
        assertThat(Selector.of("label_values(a, b)"))
                .containsExactly(new Selector("a", Map.of("b", Selector.ANY)));
    }
}
