package com.coupon.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.Campaigns;
import com.coupon.Http;
import com.coupon.IntegrationTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.openqa.selenium.Keys;
import org.openqa.selenium.Rectangle;
import org.openqa.selenium.WebElement;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What a member sees of a campaign, in a real browser and of the real service. */
@IntegrationTest
@InBrowser
class ClaimPageIT {

    private static final String MEMBER = "alice";
    private static final String OVERLOADED =
            """
            {"type":"urn:coupon:problem:overloaded","title":"t","status":503,"code":"overloaded"}\
            """;

    @LocalServerPort private int port;

    private Http http = new Http(0);
    private String campaign = "";

    @BeforeEach
    void start() {
        http = new Http(port);
        campaign = Campaigns.newId().value();
    }

    private String address() {
        return "http://localhost:" + port + "/?campaign=" + campaign;
    }

    /** The page, for a member who has said who she is. */
    private void visit(Browser browser) {
        visit(browser, address());
    }

    private static void visit(Browser browser, String address) {
        browser.open(address);
        browser.awaitSeen("#member");
        browser.find("#member").sendKeys(MEMBER);
        browser.click("#introduce");
    }

    private String codeOf(String member) {
        return http.find(campaign, member).get("couponCode");
    }

    @Test
    void aMemberWinsAndCopiesTheCode(Browser browser) {
        http.open(campaign, 10);
        browser.open(address());
        browser.awaitText("#state", "Open now");
        browser.awaitText("#stock", "10 of 10 left");
        browser.find("#member").sendKeys(MEMBER);
        browser.click("#introduce");
        browser.awaitSeen("#claim");
        browser.looksRight();

        browser.click("#claim");

        browser.awaitText("#result", "It’s yours");
        browser.awaitText("#code", codeOf(MEMBER));
        browser.awaitText("#remaining", "9");
        assertThat(browser.isSeen("#claim")).isFalse();
        assertThat(browser.find("#announcement").getDomProperty("textContent"))
                .startsWith("It’s yours");
        browser.looksRight();

        browser.driver()
                .executeCdpCommand(
                        "Browser.grantPermissions",
                        Map.of(
                                "permissions",
                                List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        browser.click("#copy");
        browser.awaitText("#copy", "Copied");
        assertThat(
                        browser.driver()
                                .executeAsyncScript(
                                        "navigator.clipboard.readText().then(arguments[0])"))
                .isEqualTo(codeOf(MEMBER));
    }

    @Test
    void whoeverComesTooLateHearsSo(Browser browser) {
        http.open(campaign, 1);
        visit(browser);
        browser.awaitSeen("#claim");

        http.claim(campaign, "somebody-faster");
        // the button may have gone by itself; what it does is asked for all the same
        browser.driver().executeScript("document.getElementById('claim').click()");

        browser.awaitText("#result", "All gone");
        browser.awaitText("#state", "All gone");
        assertThat(browser.isSeen("#coupon")).isFalse();
        browser.looksRight();
        browser.click("#show");
        browser.awaitText("#result", "No coupon");
        browser.looksRight();
    }

    @Test
    void aWinnerWhoComesBackSeesTheSameCoupon(Browser browser) {
        http.open(campaign, 1);
        visit(browser);
        browser.click("#claim");
        browser.awaitText("#result", "It’s yours");
        String code = browser.find("#code").getText();

        browser.driver().navigate().refresh();
        browser.awaitText("#result", "Already yours");
        browser.awaitText("#code", code);
        browser.looksRight();

        // and also where the page remembers nothing
        browser.driver().executeScript("sessionStorage.clear()");
        visit(browser);
        browser.awaitText("#result", "All gone");
        browser.click("#show");
        browser.awaitText("#result", "Already yours");
        browser.awaitText("#code", code);
    }

    @Test
    void aCampaignIsCountedDownToAndOpens(Browser browser) {
        Instant opensAt = Instant.now().plusSeconds(20);
        http.create(campaign, 10, ",\"opensAt\":\"%s\"".formatted(opensAt));
        http.step(campaign, "open");
        visit(browser);

        browser.awaitText("#countdown-value", "00:00:");
        browser.awaitText("#state", "Opens soon");
        browser.awaitText("#claim", "Not open yet");
        browser.looksRight();
        browser.click("#claim");
        Rectangle before = browser.find("#claim").getRect();

        browser.awaitText("#claim", "Get my coupon");
        assertThat(Instant.now()).isAfterOrEqualTo(opensAt);
        assertThat(browser.find("#announcement").getDomProperty("textContent"))
                .isEqualTo("Open now");
        assertThat(browser.find("#claim").getRect())
                .as("where a thumb waits for it")
                .isEqualTo(before);
        browser.click("#claim");
        browser.awaitText("#result", "It’s yours");
    }

    /** Else, a browser whose clock is wrong would open at another time. */
    @Test
    void theClockOfTheBrowserDoesNotMatter(Browser browser) {
        http.create(
                campaign,
                10,
                ",\"opensAt\":\"%s\"".formatted(Instant.now().plus(Duration.ofHours(30))));
        http.step(campaign, "open");
        browser.driver()
                .executeCdpCommand(
                        "Page.addScriptToEvaluateOnNewDocument",
                        Map.of("source", "Date.now = () => 0"));
        visit(browser);
        browser.awaitText("#countdown-value", "1 d 05:59:");
    }

    @Test
    void aPauseEndsByItself(Browser browser) {
        http.open(campaign, 10);
        visit(browser);
        browser.awaitSeen("#claim");

        http.step(campaign, "pause");
        browser.awaitText("#result", "Paused");
        assertThat(browser.isSeen("#claim")).isFalse();
        browser.looksRight();

        http.step(campaign, "resume");
        browser.click("#claim");
        browser.awaitText("#result", "It’s yours");
    }

    @Test
    void aCampaignThatIsOverSaysSoAndStillShowsCoupons(Browser browser) {
        http.open(campaign, 10);
        http.claim(campaign, MEMBER);
        visit(browser);
        browser.awaitSeen("#claim");

        http.step(campaign, "close");
        browser.awaitText("#result", "It is over");
        browser.looksRight();
        browser.click("#show");
        browser.awaitText("#code", codeOf(MEMBER));
    }

    @Test
    void whoeverIsNotInvitedHearsSo(Browser browser) {
        http.create(campaign, 10, ",\"eligibility\":\"ALLOW_LIST\"");
        http.adminCsv("PUT", "/campaigns/" + campaign + "/eligible-members", "somebody-else\n");
        http.step(campaign, "open");
        visit(browser);
        browser.click("#claim");
        browser.awaitText("#result", "Not for this account");
        browser.looksRight();
    }

    @Test
    void aCampaignThatIsNotThereIsNotShown(Browser browser) {
        browser.open(address());
        browser.awaitText("#result", "No such campaign");
        browser.looksRight();
        browser.open("http://localhost:" + port + "/?campaign=%2e%2e/admin");
        browser.awaitText("#result", "No such campaign");
        browser.open("http://localhost:" + port + "/");
        browser.awaitText("#result", "No campaign");
        browser.looksRight();
    }

    @Test
    void aClaimIsRepeatedNoSoonerThanItMay(Browser browser) {
        http.open(campaign, 10);
        try (var between = new Intermediary(port)) {
            between.prepare(429, "3", OVERLOADED.replace("overloaded", "rate-limited"));
            between.prepare(503, "2", OVERLOADED);
            between.prepare(503, "", "<html>");
            between.prepare(202, "1", "{\"status\":\"PENDING\"}");
            visit(browser, between.address() + "/?campaign=" + campaign);
            browser.click("#claim");

            browser.awaitText("#result", "It is busy");
            browser.awaitText("#result-wait", "Next try in");
            assertThat(browser.find("#claim").getDomAttribute("aria-disabled")).isEqualTo("true");
            browser.click("#claim"); // is asked already
            browser.looksRight();
            browser.awaitText("#result", "Being confirmed");
            browser.awaitText("#result", "It’s yours");

            List<Long> at = between.claims();
            assertThat(at).hasSize(5);
            assertThat(at.get(1) - at.get(0)).isGreaterThanOrEqualTo(2_990);
            assertThat(at.get(2) - at.get(1)).isGreaterThanOrEqualTo(1_990);
            assertThat(at.get(4) - at.get(3)).isGreaterThanOrEqualTo(990);
            leave(browser);
        }
    }

    @Test
    void whoeverWouldWaitForTooLongIsToldThatItIsNotKnown(Browser browser) {
        http.open(campaign, 10);
        try (var between = new Intermediary(port)) {
            between.prepare(503, "60", OVERLOADED);
            visit(browser, between.address() + "/?campaign=" + campaign);
            browser.click("#claim");
            browser.awaitText("#result", "Not known yet");
            browser.looksRight();
            assertThat(between.claims()).hasSize(1);

            browser.awaitText("#claim", "Try again");
            browser.click("#claim");
            browser.awaitText("#result", "It’s yours");
            leave(browser);
        }
    }

    /** Else it would complain that what is in between has gone. */
    private static void leave(Browser browser) {
        browser.open("about:blank");
    }

    @Test
    void whoeverIsOfflineCanReadThat(Browser browser) {
        http.open(campaign, 10);
        visit(browser);
        browser.awaitSeen("#claim");
        browser.isOffline(true);
        browser.awaitText("#result", "You are offline");
        browser.looksRight();
    }

    @Test
    void whoeverIsOfflineGoesOnLater(Browser browser) {
        http.open(campaign, 10);
        visit(browser);
        browser.awaitSeen("#claim");

        browser.isOffline(true);
        browser.awaitText("#result", "You are offline");
        browser.click("#claim");
        browser.awaitText("#claim", "One moment");
        browser.awaitText("#result", "You are offline");
        browser.isOffline(false);

        browser.awaitText("#result", "It’s yours");
        assertThat(browser.complaints())
                .as("what was asked while offline")
                .isNotEmpty()
                .allMatch(it -> it.contains("net::ERR_INTERNET_DISCONNECTED"));
    }

    @Test
    void koreanIsSpokenToWhoeverSpeaksIt(Browser browser) {
        http.open(campaign, 1_234);
        browser.speaks("ko-KR");
        visit(browser);
        browser.awaitText("#stock", "1,234장");
        browser.awaitText("#claim", "쿠폰 받기");
        assertThat(browser.find("html").getDomAttribute("lang")).isEqualTo("ko");
        browser.looksRight();
        browser.click("#claim");
        browser.awaitText("#result", "쿠폰을 받았습니다");
        browser.looksRight();

        browser.click("[data-language=en]");
        browser.awaitText("#result", "It’s yours");
        assertThat(browser.find("html").getDomAttribute("lang")).isEqualTo("en");
        browser.driver().navigate().refresh();
        browser.awaitText("#result", "Already yours");
    }

    /** Tab, Enter and Space are all there is. */
    @Test
    void aKeyboardIsEnough(Browser browser) {
        http.open(campaign, 10);
        browser.open(address());
        browser.awaitSeen("#member");
        tabTo(browser, "member");
        browser.driver().switchTo().activeElement().sendKeys("spaces are wrong", Keys.ENTER);
        assertThat(browser.find("#member").getDomAttribute("aria-invalid")).isEqualTo("true");
        browser.driver().switchTo().activeElement().sendKeys(Keys.chord(Keys.CONTROL, "a"), MEMBER);
        browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER);
        browser.awaitSeen("#claim");
        assertThat(focused(browser)).isEqualTo("claim");
        browser.driver().switchTo().activeElement().sendKeys(Keys.SPACE);
        browser.awaitText("#result", "It’s yours");
        assertThat(focused(browser)).isEqualTo("result-title");
        tabTo(browser, "copy");
        tabTo(browser, "forget");
    }

    private static @Nullable String focused(Browser browser) {
        return browser.driver().switchTo().activeElement().getDomAttribute("id");
    }

    private static void tabTo(Browser browser, String id) {
        for (int i = 0; i < 6; i++) {
            WebElement active = browser.driver().switchTo().activeElement();
            if (id.equals(active.getDomAttribute("id"))) {
                return;
            }
            active.sendKeys(Keys.TAB);
        }
        assertThat(focused(browser)).isEqualTo(id);
    }

    /**
     * What is smuggled in does not run, and the complaint that each test would fail of is there.
     */
    @Test
    void aScriptThatIsSmuggledInDoesNotRun(Browser browser) {
        http.open(campaign, 10);
        visit(browser);
        browser.awaitSeen("#claim");
        assertThat(browser.complaints()).isEmpty();

        browser.driver()
                .executeScript(
                        """
                        const script = document.createElement("script");
                        script.textContent = "window.smuggled = true";
                        document.body.append(script);
                        document.body.setAttribute("onclick", "window.smuggled = true");
                        document.body.click();
                        document.body.setAttribute("style", "display: none");
                        """);

        assertThat(browser.driver().executeScript("return window.smuggled === undefined"))
                .isEqualTo(true);
        assertThat(browser.complaints())
                .anyMatch(it -> it.contains("script") && it.contains("Content Security Policy"))
                .anyMatch(it -> it.contains("style") && it.contains("Content Security Policy"));
    }

    /** The control of what axe finds, and of what is too wide. */
    @Test
    void whatIsWrongWithAPageIsFound(Browser browser) {
        http.open(campaign, 10);
        visit(browser);
        browser.awaitSeen("#claim");
        browser.driver()
                .executeScript(
                        """
                        const wide = document.createElement("button");
                        wide.style.width = "2000px";
                        document.querySelector("main").append(wide);
                        """);
        assertThatThrownBy(browser::fits).hasMessageContaining("pixels beyond the edge");
        assertThatThrownBy(browser::isAccessible).hasMessageContaining("button-name");
    }

    /** {@code -Dcoupon.pictures.write=true} makes those of the documentation anew. */
    @Test
    @EnabledIfSystemProperty(named = "coupon.pictures.write", matches = "true")
    void picturesAreTaken(Browser browser) {
        http.admin(
                "POST",
                "/campaigns",
                """
                {"id":"%s","name":"Winter Welcome","quantity":1000,"coupon":{"title":"A coupon","discount":"10 %%"}}\
                """
                        .formatted(campaign));
        http.step(campaign, "open");
        for (int i = 0; i < 288; i++) {
            http.claim(campaign, "m" + i);
        }
        browser.prefers("light").isSized(1200, 800);
        visit(browser);
        browser.awaitText("#remaining", "712");
        browser.illustrates("claim-open");
        browser.prefers("dark").isSized(390, 844);
        browser.illustrates("claim-open-phone-dark");
        browser.click("#claim");
        browser.awaitText("#result", "It’s yours");
        browser.awaitText("#remaining", "711");
        browser.prefers("light");
        browser.click("[data-language=ko]");
        browser.illustrates("claim-won-phone-ko");
        browser.click("[data-language=en]");
        browser.driver().executeScript("sessionStorage.clear()");

        campaign = Campaigns.newId().value();
        http.create(
                campaign, 1_000, ",\"opensAt\":\"%s\"".formatted(Instant.now().plusSeconds(754)));
        http.step(campaign, "open");
        visit(browser);
        browser.awaitSeen("#countdown");
        browser.illustrates("claim-soon-phone");
    }
}
