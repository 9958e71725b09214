package com.coupon.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A Chromium without a window, with nothing stored in it, driven by the chromedriver of this
 * machine; nothing is downloaded. Not thread-safe.
 */
public final class Browser implements AutoCloseable {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    /** What Chromium says of every answer that is not a success; the page says it, too. */
    private static final Pattern ANSWERS =
            Pattern.compile(
                    ".*/api/v1/.* - Failed to load resource: the server responded with a status of .*");

    private final ChromeDriver driver;

    Browser() {
        var options = new ChromeOptions();
        options.setBinary(executable("chromium").orElseThrow().toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // tests may run as root
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--window-size=1200,800");
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        var service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(executable("chromedriver").orElseThrow().toFile())
                        .usingAnyFreePort()
                        .build();
        this.driver = new ChromeDriver(service, options);
        speaks("en-GB");
    }

    static boolean isInstalled() {
        return executable("chromium").isPresent() && executable("chromedriver").isPresent();
    }

    private static Optional<Path> executable(String name) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Everything else that Selenium can do. */
    public ChromeDriver driver() {
        return driver;
    }

    public void open(String address) {
        driver.get(address);
    }

    private void command(String name, Map<String, Object> parameters) {
        driver.executeCdpCommand(name, parameters);
    }

    /** From the next page on, its language is this. */
    public Browser speaks(String language) {
        String agent = (String) driver.executeScript("return navigator.userAgent");
        command(
                "Emulation.setUserAgentOverride",
                Map.of("userAgent", agent, "acceptLanguage", language));
        return this;
    }

    /** A screen of this size, in CSS pixels. */
    public Browser isSized(int width, int height) {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        return this;
    }

    /**
     * @param scheme {@code light} or {@code dark}
     */
    public Browser prefers(String scheme) {
        command(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                // so that what is seen does not depend on the moment
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
        return this;
    }

    /** Takes the network away, or gives it back. */
    public void isOffline(boolean offline) {
        command("Network.enable", Map.of());
        command(
                "Network.emulateNetworkConditions",
                Map.of(
                        "offline",
                        offline,
                        "latency",
                        0,
                        "downloadThroughput",
                        -1,
                        "uploadThroughput",
                        -1));
    }

    /** The first element of this selector, which is there. */
    public WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    /** Waits until it is seen, and clicks it. */
    public void click(String selector) {
        awaitSeen(selector);
        find(selector).click();
    }

    public void awaitSeen(String selector) {
        await(selector + " is seen")
                .atMost(LONG_ENOUGH)
                .pollInterval(Duration.ofMillis(50))
                .ignoreException(StaleElementReferenceException.class)
                .until(() -> isSeen(selector));
    }

    public boolean isSeen(String selector) {
        return driver.findElements(By.cssSelector(selector)).stream()
                .anyMatch(WebElement::isDisplayed);
    }

    /** Waits until an element says this, whatever is around it. */
    public void awaitText(String selector, String text) {
        await(selector + " says " + text)
                .atMost(LONG_ENOUGH)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsMatching(e ->
                        e instanceof StaleElementReferenceException
                                || e instanceof NoSuchElementException)
                .untilAsserted(() -> assertThat(find(selector).getText()).contains(text));
    }

    /** That nothing is wider than the screen. */
    public void fits() {
        Object pixels =
                driver.executeScript("return document.scrollingElement.scrollWidth - innerWidth");
        // below 0 where there is a bar to scroll by
        assertThat((Long) pixels).as("pixels beyond the edge").isNotPositive();
    }

    /** That axe finds nothing that would keep somebody out. */
    public void isAccessible() {
        Results results = new AxeBuilder().analyze(driver);
        assertThat(results.getErrorMessage()).isNull();
        assertThat(results.getPasses()).as("rules that were looked at").hasSizeGreaterThan(10);
        assertThat(results.getViolations())
                .as("violations")
                .extracting(it -> it.getId() + ": " + it.getNodes())
                .isEmpty();
    }

    /**
     * What the browser has complained about since it was asked last: errors of scripts, what the
     * policy of the page has refused, files that are not there.
     */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .filter(message -> !ANSWERS.matcher(message).matches())
                .toList();
    }

    /** What is seen at this moment, as a PNG. */
    public byte[] picture() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    /** For whoever looks why a test has failed. */
    void keepWhatIsSeen(String name) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "browser"));
            Files.write(folder.resolve(name + ".png"), picture());
            Files.writeString(
                    folder.resolve(name + ".html"),
                    driver.getPageSource() + Stream.of(complaints()).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
