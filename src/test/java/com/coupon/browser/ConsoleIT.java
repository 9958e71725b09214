package com.coupon.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.Http;
import com.coupon.IntegrationTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;

/** What operators do in the console, in a real browser and with the real service. */
@IntegrationTest
@InBrowser
class ConsoleIT {

    /** More than the grace period of a reconciliation. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(90);

    private static final String NAME = "Friday flash";

    private final String campaign = Campaigns.newId().value();

    @LocalServerPort private int port;

    @Value("${coupon.reconciliation.grace-period:15s}")
    private Duration grace;

    @Autowired private JdbcClient jdbc;
    @Autowired private KafkaTemplate<String, byte[]> kafka;

    private Http http = new Http(0);

    @BeforeEach
    void connect() {
        http = new Http(port);
    }

    private String at(String place) {
        return "http://localhost:" + port + "/console#/" + place;
    }

    private void signIn(Browser browser, String place) {
        signIn(browser, place, "coupon.admin");
    }

    private void signIn(Browser browser, String place, String scopes) {
        browser.open(at(place));
        browser.awaitSeen("dialog.sign-in");
        WebElement name = browser.find("dialog.sign-in input[name=name]");
        name.clear();
        name.sendKeys("olga");
        enter(browser, "scopes", scopes);
        browser.click("dialog.sign-in button[type=submit]");
    }

    private static void enter(Browser browser, String name, String value) {
        String selector = "input[name=" + name + "]";
        browser.awaitSeen(selector);
        WebElement field = browser.find(selector);
        field.clear();
        field.sendKeys(value);
    }

    /** A date or a time, which browsers have typed in their own order. */
    private static void enterTime(Browser browser, String name, String local) {
        browser.driver()
                .executeScript(
                        "const field = document.querySelector(`input[name=${arguments[0]}]`);"
                                + "field.value = arguments[1];"
                                + "field.dispatchEvent(new Event('input'));",
                        name,
                        local);
    }

    private static void press(Browser browser, String where, String words) {
        By button =
                By.xpath(
                        "//%s//*[self::button or self::a][normalize-space()='%s']"
                                .formatted(where, words));
        await(words + " is pressed")
                .atMost(LONG_ENOUGH)
                .ignoreException(StaleElementReferenceException.class)
                .until(() -> {
                    List<WebElement> found = browser.driver().findElements(button);
                    found.stream().findFirst().ifPresent(WebElement::click);
                    return !found.isEmpty();
                });
    }

    /** Presses a button of the view, and that of the dialog which it opens. */
    private static void press(Browser browser, String words) {
        press(browser, "main", words);
    }

    private static void confirm(Browser browser, String words) {
        press(browser, "dialog", words);
    }

    private static void awaitClosed(Browser browser) {
        await("the dialog is closed")
                .atMost(LONG_ENOUGH)
                .until(() -> browser.driver().findElements(By.tagName("dialog")).isEmpty());
    }

    private static void awaitTile(Browser browser, String tile, String text) {
        browser.awaitText("[data-tile='live." + tile + "'] .value", text);
    }

    private static void awaitState(Browser browser, String state) {
        browser.awaitSeen(".under [data-state=" + state + "]");
    }

    private void awaitRecorded(int rows) {
        await().atMost(LONG_ENOUGH)
                .until(() ->
                        jdbc.sql("SELECT count(*) FROM coupon_issuances WHERE campaign_id = ?")
                                        .param(campaign)
                                        .query(Integer.class)
                                        .single()
                                == rows);
    }

    private void claim(int from, int members) {
        IntStream.range(from, from + members)
                .forEach(member -> http.claim(campaign, "member-" + member));
    }

    @Test
    void aCampaignIsRunFromItsDraftToItsEnd(Browser browser) {
        signIn(browser, "campaigns");
        browser.awaitText("h1", "Campaigns");
        press(browser, "New campaign");
        enter(browser, "id", campaign);
        enter(browser, "name", NAME);
        enter(browser, "quantity", "20");
        enter(browser, "title", "Flash coupon");
        enter(browser, "discount", "20 % off");
        browser.looksRight();
        press(browser, "Create draft");
        browser.awaitText("h1", NAME);
        browser.awaitText("#notices", NAME + " is a draft now.");
        awaitState(browser, "DRAFT");
        browser.looksRight();

        // scheduled, and then for now
        press(browser, "Edit plan");
        enterTime(browser, "opensAt", "2099-01-01T09:00:00");
        enterTime(browser, "closesAt", "2099-01-08T09:00:00");
        browser.awaitText("dialog", "UTC");
        browser.looksRight();
        confirm(browser, "Save");
        browser.awaitText("#notices", "is changed");
        press(browser, "Open");
        browser.awaitText("dialog", "It opens by itself.");
        browser.looksRight();
        confirm(browser, "Open");
        awaitState(browser, "SCHEDULED");
        claim(0, 1);
        press(browser, "Edit plan");
        enterTime(browser, "opensAt", "2026-01-01T00:00:00");
        confirm(browser, "Save");
        awaitState(browser, "OPEN");
        assertThat(browser.find("main time").getDomAttribute("title")).endsWith(" UTC");

        claim(0, 7);
        awaitTile(browser, "issued", "7");
        awaitTile(browser, "remaining", "13");
        awaitTile(browser, "lag", "0");
        awaitTile(browser, "outbox", "0");
        awaitTile(browser, "letters", "0");
        awaitTile(browser, "unaccounted", "0");
        assertThat(browser.find(".plots canvas").getAccessibleName())
                .contains("Issued over time: 7 issued");
        await().atMost(LONG_ENOUGH)
                .untilAsserted(() ->
                        assertThat(
                                        browser.find(".plots .panel:nth-child(2) canvas")
                                                .getAccessibleName())
                                .contains("Issued 7")
                                .contains("Not open yet 1"));
        browser.looksRight();

        press(browser, "Pause");
        browser.awaitText("dialog", "No coupon is issued any more");
        confirm(browser, "Pause");
        awaitState(browser, "PAUSED");
        assertThat(http.claim(campaign, "too-soon").get("code")).isEqualTo("paused");
        press(browser, "Resume");
        confirm(browser, "Resume");
        awaitState(browser, "OPEN");

        press(browser, "Adjust stock");
        enter(browser, "delta", "30");
        browser.awaitText(".preview", "20 → 50 coupons");
        enter(browser, "reason", "It goes well");
        browser.looksRight();
        confirm(browser, "Adjust stock");
        browser.awaitText("#notices", "There are 50 coupons now.");
        awaitTile(browser, "remaining", "43");

        press(browser, "Close");
        browser.awaitText("dialog", "It cannot be opened again.");
        browser.looksRight();
        confirm(browser, "Close");
        awaitState(browser, "CLOSED");
        assertThat(http.claim(campaign, "too-late").get("code")).isEqualTo("closed");

        press(browser, "Reconcile");
        browser.looksRight();
        confirm(browser, "Start");
        browser.awaitText("h1", "Run ");
        await().atMost(LONG_ENOUGH).until(() -> browser.isSeen("[data-state=COMPLETED]"));
        browser.awaitText("main", "Redis and the ledger agree");
        browser.looksRight();

        browser.open(at("campaigns/" + campaign));
        press(browser, "Archive");
        browser.awaitText("dialog", "It cannot be undone.");
        browser.looksRight();
        confirm(browser, "Archive");
        awaitState(browser, "ARCHIVED");
        assertThat(http.claim(campaign, "too-late").get("code")).isEqualTo("archived");

        browser.open(at("audit-log?subject=" + campaign));
        browser.awaitSeen("[data-action]");
        assertThat(
                        browser.driver().findElements(By.cssSelector("[data-action]")).stream()
                                .map(entry -> entry.getDomAttribute("data-action"))
                                .filter(action -> !"campaign.armed".equals(action))
                                .toList())
                .containsExactly(
                        "campaign.archived",
                        "reconciliation.requested",
                        "campaign.closed",
                        "stock.adjusted",
                        "campaign.resumed",
                        "campaign.paused",
                        "campaign.edited",
                        "campaign.opened",
                        "campaign.edited",
                        "campaign.created");
        browser.awaitText("table", "olga");
        browser.looksRight();
    }

    @Test
    void aListIsShownPageByPage(Browser browser) {
        IntStream.range(0, 3).forEach(i -> http.create(campaign + i, 10, ""));
        signIn(browser, "campaigns?limit=2&state=DRAFT&after=" + campaign);

        browser.awaitText("tbody", campaign + "0");
        assertThat(browser.driver().findElements(By.cssSelector("tbody tr"))).hasSize(2);
        browser.looksRight();
        press(browser, "Next page ›");
        browser.awaitText("tbody", campaign + "2");
        press(browser, "« First page");
        await().atMost(LONG_ENOUGH)
                .until(() ->
                        !Objects.requireNonNull(browser.driver().getCurrentUrl())
                                .contains("after"));
        browser.driver().navigate().back();
        browser.awaitText("tbody", campaign + "2");
    }

    @Test
    void theListOfThoseWhoMayClaimIsReplaced(Browser browser, @TempDir Path folder)
            throws IOException {
        http.create(campaign, 10, ",\"eligibility\":\"ALLOW_LIST\"");
        signIn(browser, "campaigns/" + campaign);
        choose(browser, Files.writeString(folder.resolve("wrong.csv"), "ann\nb b\n"));
        browser.awaitText("dialog", "wrong.csv may claim, and nobody else");
        browser.looksRight();
        confirm(browser, "Replace list");
        browser.awaitText("dialog .problem", "invalid-csv");
        confirm(browser, "Cancel");
        awaitClosed(browser);

        choose(browser, Files.writeString(folder.resolve("guests.csv"), "ann\nbob\nann\n"));
        confirm(browser, "Replace list");
        browser.awaitText("#notices", "2 members are on the list now; 1 were named more than once");
        press(browser, "Open");
        browser.awaitText("dialog", "list");
        confirm(browser, "Open");
        awaitState(browser, "OPEN");
        assertThat(http.claim(campaign, "ann").status()).isEqualTo(201);
        assertThat(http.claim(campaign, "eve").get("code")).isEqualTo("not-eligible");
    }

    private static void choose(Browser browser, Path file) {
        browser.awaitSeen("input[name=file]");
        browser.find("input[name=file]").sendKeys(file.toString());
        press(browser, "Replace list");
    }

    @Test
    void deadLettersAreReplayedAndDiscarded(Browser browser) {
        http.open(campaign, 1);
        send(2);
        send(3);
        send(4);
        signIn(browser, "dead-letters?status=OPEN&campaign=" + campaign);
        await().atMost(LONG_ENOUGH)
                .until(() -> {
                    browser.driver().navigate().refresh();
                    browser.awaitText("h1", "Dead letters");
                    return browser.driver().findElements(By.cssSelector("tbody tr")).size() == 3;
                });
        browser.awaitText("tbody", "beyond its stock");
        browser.looksRight();

        assertThat(http.adjust(campaign, "two", 1).status()).isEqualTo(200);
        press(browser, "Replay");
        browser.awaitText("dialog", "beyond its stock");
        browser.looksRight();
        confirm(browser, "Replay");
        browser.awaitText("#notices", "is replayed");
        awaitRecorded(1);

        // somebody else decides meanwhile
        press(browser, "Replay");
        long letter =
                http.admin("GET", "/dead-letters?status=OPEN&campaign=" + campaign, "")
                        .json()
                        .path("items")
                        .path(0)
                        .path("id")
                        .asLong();
        http.admin("POST", "/dead-letters/" + letter + "/discard", "{\"reason\":\"A test\"}");
        confirm(browser, "Replay");
        browser.awaitText("dialog .problem", "already-decided");
        browser.looksRight();
        confirm(browser, "Cancel");

        browser.driver().navigate().refresh();
        press(browser, "Discard");
        browser.awaitText("dialog", "cannot be replayed any more");
        browser.looksRight();
        confirm(browser, "Discard");
        assertThat(browser.isSeen("dialog")).as("it asks why").isTrue();
        enter(browser, "reason", "Not ours");
        confirm(browser, "Discard");
        browser.awaitText("#notices", "is discarded");
        browser.awaitText("main", "There are no dead letters");

        browser.open(at("dead-letters/" + letter));
        browser.awaitText("main", "A test");
        browser.awaitText("pre", campaign);
        browser.looksRight();
    }

    /** Beyond the stock. */
    private void send(long serial) {
        String code = UUID.randomUUID().toString().replace("-", "").substring(0, 20);
        String event =
                """
                {"version":1,"campaignId":"%s","epoch":1,"serial":%d,"memberId":"m%d","couponCode":"%s","issuedAt":1767323045678}\
                """
                        .formatted(campaign, serial, serial, code);
        kafka.send("coupon.issued", campaign, event.getBytes(StandardCharsets.UTF_8)).join();
    }

    @Test
    void aFindingIsRepaired(Browser browser) {
        http.open(campaign, 10);
        claim(0, 3);
        awaitRecorded(3);
        Instant last = Instant.now();
        // what is younger than that is on its way, and no finding
        await().atMost(LONG_ENOUGH).until(() -> Instant.now().isAfter(last.plus(grace)));
        jdbc.sql("DELETE FROM coupon_issuances WHERE campaign_id = ? AND serial = 2")
                .param(campaign)
                .update();

        signIn(browser, "reconciliations");
        press(browser, "Reconcile");
        enter(browser, "campaignId", campaign);
        confirm(browser, "Start");
        press(browser, "Stop");
        browser.awaitText("dialog", "It ends within about a second.");
        browser.looksRight();
        confirm(browser, "Stop");
        await().atMost(LONG_ENOUGH).until(() -> browser.isSeen("main [data-state=CANCELLED]"));
        press(browser, "Run again");
        confirm(browser, "Start");
        awaitDisposition(browser, "REPORTED");
        browser.awaitText("tbody", "Missing in the ledger");
        browser.awaitText("tbody", "member-1");
        browser.looksRight();

        press(browser, "Repair");
        browser.awaitText("dialog", "Nothing is deleted.");
        assertThat(browser.find("dialog input[value=REPAIR]").isSelected()).isTrue();
        confirm(browser, "Start");
        awaitDisposition(browser, "REPAIRED");
        awaitRecorded(3);
        browser.looksRight();
    }

    private static void awaitDisposition(Browser browser, String disposition) {
        await().atMost(LONG_ENOUGH)
                .until(() -> browser.isSeen("tbody [data-state=" + disposition + "]"));
    }

    @Test
    void refusalsAreToldAndNothingThatWasEnteredIsLost(Browser browser) {
        http.open(campaign, 10);
        signIn(browser, "campaigns");
        press(browser, "New campaign");
        browser.awaitText("h1", "New campaign");
        enter(browser, "id", campaign);
        enter(browser, "name", NAME);
        enter(browser, "quantity", "10");
        enter(browser, "title", "A coupon");
        enter(browser, "discount", "10 %");
        press(browser, "Create draft");
        browser.awaitText(".problem", "409 · campaign-exists");

        enter(browser, "id", campaign + "-2");
        enterTime(browser, "opensAt", "2099-01-08T09:00:00");
        enterTime(browser, "closesAt", "2099-01-01T09:00:00");
        press(browser, "Create draft");
        browser.awaitText(".problem", "A campaign closes after it opens.");
        browser.looksRight();

        // the same key for something else
        http.adjust(campaign, "ticket-1", 5);
        browser.open(at("campaigns/" + campaign));
        press(browser, "Adjust stock");
        enter(browser, "delta", "7");
        enter(browser, "reason", "A test");
        browser.click("dialog summary");
        enter(browser, "key", "ticket-1");
        confirm(browser, "Adjust stock");
        browser.awaitText("dialog .problem", "422 · idempotency-key-reused");
        // fewer than there are
        claim(0, 3);
        enter(browser, "key", "ticket-2");
        enter(browser, "delta", "-14");
        confirm(browser, "Adjust stock");
        browser.awaitText("dialog .problem", "409 · stock-below-issued");
        browser.looksRight();
        confirm(browser, "Cancel");
        awaitClosed(browser);
        assertThat(http.admin("GET", "/campaigns/" + campaign, "").json().path("quantity").asLong())
                .isEqualTo(15);
    }

    @Test
    void whoeverDecidesByWhatIsNoLongerTrueIsToldSo(Browser browser) {
        http.open(campaign, 10);
        signIn(browser, "campaigns/" + campaign);
        press(browser, "Close");
        http.step(campaign, "pause");

        confirm(browser, "Close");

        browser.awaitText("dialog .problem", "412 · precondition-failed");
        browser.awaitText("dialog .problem", "nothing was done");
        browser.looksRight();
        confirm(browser, "Cancel");
        awaitClosed(browser);
        awaitState(browser, "PAUSED");
        press(browser, "Close");
        confirm(browser, "Close");
        awaitState(browser, "CLOSED");
    }

    @Test
    void whoeverIsNotKnownOrNoOperatorIsToldSo(Browser browser) {
        browser.open(at("campaigns"));
        browser.awaitSeen("dialog.sign-in");
        browser.looksRight();
        confirm(browser, "Cancel");
        browser.awaitText("main .problem", "401 · unauthenticated");
        browser.looksRight();

        signIn(browser, "dead-letters", "coupon.reader");
        browser.awaitText("h1", "You may not do that");
        browser.awaitText("main .problem", "403 · forbidden");
        browser.awaitText("main", "known as olga, but without the scope coupon.admin");
        browser.looksRight();
        press(browser, "Sign in as somebody else");
        browser.awaitSeen("dialog.sign-in");
    }

    @Test
    void aServiceThatIsAwayIsToldAndComesBack(Browser browser) {
        http.open(campaign, 10);
        signIn(browser, "campaigns/" + campaign);
        awaitTile(browser, "issued", "0");

        browser.isOffline(true);
        browser.awaitText(".live .problem", "cannot be reached");
        press(browser, "Pause");
        confirm(browser, "Pause");
        browser.awaitText("dialog .problem", "Whether anything was done is not known.");
        browser.isOffline(false);
        confirm(browser, "Pause");
        awaitState(browser, "PAUSED");
        // the network was away on purpose
        assertThat(browser.complaints())
                .allMatch(line -> line.contains("ERR_INTERNET_DISCONNECTED"));
    }

    @Test
    void koreanIsSpokenToWhoeverReadsIt(Browser browser) {
        http.open(campaign, 10);
        claim(0, 3);
        browser.speaks("ko-KR");
        signIn(browser, "campaigns/" + campaign);
        awaitState(browser, "OPEN");
        browser.awaitText(".under", "진행 중");
        assertThat(browser.find("html").getDomAttribute("lang")).isEqualTo("ko");
        browser.looksRight();
        press(browser, "재고 조정");
        enter(browser, "delta", "-9");
        enter(browser, "reason", "시험");
        confirm(browser, "재고 조정");
        browser.awaitText("dialog .problem", "stock-below-issued");
        browser.awaitText("dialog .problem", "수량을");
        confirm(browser, "취소");
        awaitClosed(browser);

        browser.click("select[name=language] option[value=en]");
        browser.awaitText("nav", "Campaigns");
        browser.awaitText(".under", "Open");
    }

    /** {@code -Dcoupon.pictures.write=true} makes those of the documentation anew. */
    @Test
    @EnabledIfSystemProperty(named = "coupon.pictures.write", matches = "true")
    void picturesAreTaken(Browser browser) {
        browser.driver()
                .executeCdpCommand(
                        "Emulation.setTimezoneOverride", Map.of("timezoneId", "Asia/Seoul"));
        browser.isSized(1280, 1060);
        http.create(campaign, 300, "");
        rename();
        http.step(campaign, "open");
        signIn(browser, "campaigns/" + campaign);
        awaitTile(browser, "issued", "0");
        claim(0, 500);
        claim(0, 20);
        awaitTile(browser, "lag", "0");
        awaitTile(browser, "issued", "300");
        await().atMost(LONG_ENOUGH)
                .untilAsserted(() ->
                        assertThat(
                                        browser.find(".plots .panel:nth-child(2) canvas")
                                                .getAccessibleName())
                                .contains("Already issued 20"));
        browser.illustrates("console-live");

        browser.click("select[name=language] option[value=ko]");
        browser.isSized(360, 1100);
        browser.open(at("campaigns/" + campaign));
        browser.awaitText(".under", "진행 중");
        awaitTile(browser, "issued", "300");
        browser.illustrates("console-ko");
    }

    private void rename() {
        assertThat(
                        http.admin(
                                        "PATCH",
                                        "/campaigns/" + campaign,
                                        "{\"name\":\"Friday flash\"}",
                                        "If-Match",
                                        "\"1\"")
                                .status())
                .isEqualTo(200);
    }

    /** Each text that there is in one language is there in the other. */
    @Test
    void bothLanguagesSayTheSame(Browser browser) {
        browser.open(at("campaigns"));
        browser.awaitSeen("dialog");
        assertThat(
                        browser.driver()
                                .executeAsyncScript(
                                        """
                                        const done = arguments[arguments.length - 1];
                                        Promise.all(['en', 'ko'].map((tag) => import(`/console/words.${tag}.js`))).then((all) => {
                                          const [some, others] = all.map((words) => Object.entries(words.default));
                                          const values = (text) => (text.match(/\\{\\w+\\}/g) ?? []).sort().join();
                                          const told = ([key, text]) => `${key} ${values(text)}`;
                                          const known = new Set(others.map(told));
                                          done(some.length > 100 && some.length === others.length ? some.map(told).filter((one) => !known.has(one)) : ['lengths']);
                                        });
                                        """))
                .isEqualTo(List.of());
    }

    @Test
    void allOfItCanBeDoneByKeyboard(Browser browser) {
        http.create(campaign, 10, "");
        browser.open(at("campaigns/" + campaign));
        browser.awaitSeen("dialog.sign-in");
        type(browser, Keys.ENTER);
        browser.awaitText("h1", "A test");

        tabTo(browser, "Open");
        type(browser, Keys.ENTER);
        browser.awaitSeen("dialog");
        type(browser, Keys.ESCAPE);
        awaitClosed(browser);
        assertThat(focused(browser)).as("where it was before").isEqualTo("Open");
        type(browser, Keys.ENTER);
        browser.awaitSeen("dialog");
        tabTo(browser, "Open");
        type(browser, Keys.ENTER);
        awaitState(browser, "OPEN");

        browser.driver().executeScript("document.activeElement.blur(); scrollTo(0, 0)");
        tabTo(browser, "Skip to the content");
        type(browser, Keys.ENTER);
        tabTo(browser, "Campaigns");
        type(browser, Keys.ENTER);
        browser.awaitText("h1", "Campaigns");
    }

    private static void type(Browser browser, Keys key) {
        new Actions(browser.driver()).sendKeys(key).perform();
    }

    private static @Nullable String focused(Browser browser) {
        return (String)
                browser.driver().executeScript("return document.activeElement.textContent.trim()");
    }

    private static void tabTo(Browser browser, String words) {
        for (int i = 0; i < 40; i++) {
            type(browser, Keys.TAB);
            if (words.equals(focused(browser))) {
                return;
            }
        }
        throw new AssertionError(words + " is not reached by the tabulator");
    }
}
