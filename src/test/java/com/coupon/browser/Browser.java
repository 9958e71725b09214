package com.coupon.browser;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.providers.EmbeddedResourceAxeProvider;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.regex.Pattern;
import javax.naming.OperationNotSupportedException;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A Chromium without a window, driven by the chromedriver of this machine; nothing is downloaded.
 * Not thread-safe.
 */
public final class Browser implements AutoCloseable {

    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    /** What Chromium says of every answer that is not a success; the page says it, too. */
    private static final Pattern ANSWERS =
            Pattern.compile(
                    ".*/api/v1/.* - Failed to load resource: the server responded with a status of .*");

    private static final String AXE = axe();

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
    }

    /**
     * Begins anew: with one window, nothing stored, nothing granted, and the settings of a browser
     * that has just been installed. What it has complained about is forgotten.
     */
    void startAnew() {
        Set<String> before = driver.getWindowHandles();
        String window = driver.switchTo().newWindow(WindowType.TAB).getWindowHandle();
        for (String old : before) {
            driver.switchTo().window(old).close();
        }
        driver.switchTo().window(window);
        command("Storage.clearDataForOrigin", Map.of("origin", "*", "storageTypes", "all"));
        command("Network.clearBrowserCookies", Map.of());
        command("Network.clearBrowserCache", Map.of());
        command("Browser.resetPermissions", Map.of());
        speaks("en-GB");
        complaints();
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

    /** That it fits and is accessible in both colour schemes, on a phone and on a desk. */
    public void looksRight() {
        for (String scheme : List.of("light", "dark")) {
            prefers(scheme).isSized(360, 740);
            isAccessible();
            fits();
            isSized(1200, 800);
            isAccessible();
            fits();
        }
        prefers("light");
    }

    /** How many plots there are with something in them. */
    public int plots() {
        var plots =
                (List<?>)
                        driver.executeScript(
                                """
                                return [...document.querySelectorAll("canvas")].filter((canvas) =>
                                  canvas.getContext("2d")
                                    .getImageData(0, 0, canvas.width, canvas.height)
                                    .data.some((it) => it > 0))
                                """);
        return requireNonNull(plots).size();
    }

    /** That the document is all there is to it. */
    public void fetchesNothing() {
        assertThat(driver.executeScript("return performance.getEntriesByType('resource')"))
                .asInstanceOf(LIST)
                .as("what the page has fetched")
                .isEmpty();
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
        // not by its AxeBuilder, which sends the script, and has it send everything, each time
        if (Boolean.FALSE.equals(driver.executeScript("return 'axe' in window"))) {
            driver.executeScript(AXE);
        }
        var results =
                (Map<?, ?>)
                        driver.executeAsyncScript(
                                """
                                const [done] = arguments;
                                axe.run({resultTypes: ["violations"]}).then(
                                  ({passes, violations}) => done({
                                    passes: passes.length,
                                    violations: violations.map(({id, nodes}) =>
                                      `${id}: ${nodes.map((node) => node.html + node.failureSummary)}`),
                                  }),
                                  (error) => done({error: String(error)}),
                                );
                                """);
        assertThat(results.get("error")).isNull();
        assertThat((Long) results.get("passes")).as("rules that were looked at").isGreaterThan(10);
        assertThat((List<?>) results.get("violations")).as("violations").isEmpty();
    }

    private static String axe() {
        try {
            return new EmbeddedResourceAxeProvider().getScript();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OperationNotSupportedException e) {
            throw new IllegalStateException(e);
        }
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

    /** Makes a picture of the documentation anew, from what is seen at this moment. */
    public void illustrates(String name) {
        keepPicture(Path.of("docs", "images"), name);
    }

    /** For whoever looks why a test has failed. */
    void keepWhatIsSeen(String name) {
        Path folder = Path.of("target", "browser");
        keepPicture(folder, name);
        write(
                folder.resolve(name + ".html"),
                (driver.getPageSource() + complaints()).getBytes(StandardCharsets.UTF_8));
    }

    private void keepPicture(Path folder, String name) {
        write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    private static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
