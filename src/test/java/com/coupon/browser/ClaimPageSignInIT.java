package com.coupon.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Campaigns;
import com.coupon.CouponApplication;
import com.coupon.Http;
import com.coupon.IntegrationTest;
import com.coupon.servers.RunningServers;
import com.coupon.shared.web.Issuer;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WindowType;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;

/** How the page gets to know its member where nobody may say who he is, and how it does without. */
@IntegrationTest
@InBrowser
class ClaimPageSignInIT {

    private static final String JWT = "spring.security.oauth2.resourceserver.jwt.";

    private static final Queue<String> TOKENS = new ConcurrentLinkedQueue<>();

    private static Issuer issuer;
    private static HttpServer site;
    private static ConfigurableApplicationContext byToken;

    /** Behind a gateway that would say who calls, and with one place to follow. */
    private static ConfigurableApplicationContext byHeader;

    @LocalServerPort private int port;

    private Http http = new Http(0);
    private String campaign = "";

    @BeforeAll
    static void start() throws IOException {
        issuer = new Issuer();
        site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byToken =
                api(
                        Map.of(
                                JWT + "issuer-uri",
                                Issuer.NAME,
                                JWT + "jwk-set-uri",
                                issuer.keysUri(),
                                JWT + "audiences",
                                Issuer.AUDIENCE,
                                "coupon.claim-page.openers",
                                "http://localhost:" + site.getAddress().getPort(),
                                "coupon.claim-page.sign-in",
                                "http://localhost:" + site.getAddress().getPort() + "/sign-in"));
        byHeader =
                api(
                        Map.of(
                                "coupon.security.identity",
                                "header",
                                "coupon.issuance.events.subscribers",
                                "1"));
        String page =
                """
                <!doctype html><title>A shop</title><button>Coupon</button>
                <script>
                    const address = new URLSearchParams(location.search).get("page");
                    const hand = async (to) => to.postMessage(
                        { type: "coupon.token", token: await (await fetch("/token")).text() }, new URL(address).origin);
                    addEventListener("message", (event) => {
                        if (event.origin === new URL(address).origin && event.data.type === "coupon.token-wanted") {
                            hand(event.source);
                        }
                    });
                    document.querySelector("button").onclick = () => { window.opened = open(address); };
                </script>\
                """;
        answer("/", "text/html", () -> page);
        answer("/token", "text/plain", TOKENS::remove);
        site.start();
    }

    private static void answer(String path, String type, Supplier<String> body) {
        site.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        byte[] bytes = body.get().getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders().set("Content-Type", type);
                        exchange.sendResponseHeaders(200, bytes.length);
                        exchange.getResponseBody().write(bytes);
                    }
                });
    }

    private static ConfigurableApplicationContext api(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(RunningServers.get().properties());
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("coupon.issuance.warm-up.claims", "0");
        properties.putAll(more);
        var application = new SpringApplication(CouponApplication.class);
        application.setAdditionalProfiles("api");
        application.setRegisterShutdownHook(false);
        return application.run(
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        byHeader.close();
        byToken.close();
        site.stop(0);
        issuer.close();
    }

    @BeforeEach
    void openACampaign() {
        http = new Http(port);
        campaign = Campaigns.newId().value();
        http.open(campaign, 10);
        TOKENS.clear();
    }

    private String pageOf(ConfigurableApplicationContext service) {
        return "http://localhost:%s/?campaign=%s"
                .formatted(service.getEnvironment().getProperty("local.server.port"), campaign);
    }

    /** The page, opened by the site as it is called by this name. */
    private void openFromSite(Browser browser, String host) {
        browser.open(
                "http://%s:%d/shop?page=%s"
                        .formatted(host, site.getAddress().getPort(), pageOf(byToken)));
        String shop = browser.driver().getWindowHandle();
        browser.click("button");
        browser.driver().getWindowHandles().stream()
                .filter(it -> !it.equals(shop))
                .forEach(it -> browser.driver().switchTo().window(it));
    }

    @Test
    void theSiteHandsOverATokenAndAnotherOneWhereItDoesNotCount(Browser browser) {
        TOKENS.add("one.that.expired");
        TOKENS.add(issuer.token("carol"));
        openFromSite(browser, "localhost");
        browser.click("#claim");
        browser.awaitText("#result", "It’s yours");
        browser.awaitText("#code", http.find(campaign, "carol").get("couponCode"));
        assertThat(TOKENS).isEmpty();
        assertThat(browser.driver().getCurrentUrl()).isEqualTo(pageOf(byToken));
        assertThat(
                        browser.driver()
                                .executeScript(
                                        "return JSON.stringify(sessionStorage) + JSON.stringify(localStorage)"))
                .asString()
                .doesNotContain("ey");
    }

    @Test
    void aSiteThatIsNotNamedIsNotBelieved(Browser browser) {
        TOKENS.add(issuer.token("mallory"));
        openFromSite(browser, "127.0.0.1");
        browser.click("#claim");
        browser.awaitText("#result", "You are not signed in");
        assertThat(TOKENS).as("it was asked, and answered").isEmpty();
        assertThat(http.find(campaign, "mallory").get("code")).isEqualTo("no-claim");
    }

    @Test
    void whoeverComesByHimselfIsToldWhereToSignIn(Browser browser) {
        browser.open(pageOf(byToken));
        browser.click("#claim");
        browser.awaitText("#result", "You are not signed in");
        assertThat(browser.find("#sign-in").getDomProperty("href")).endsWith("/sign-in");
        browser.isAccessible();
    }

    @Test
    void theServiceDoesNotKnowWhoeverTheGatewayDoesNotName(Browser browser) {
        browser.open(pageOf(byHeader));
        browser.click("#claim");
        browser.awaitText("#result", "You are not signed in");
        assertThat(browser.isSeen("#member")).isFalse();
        browser.isAccessible();
    }

    @Test
    void whereThereIsNoPlaceToFollowThePageAsksNowAndThen(Browser browser) throws IOException {
        int service =
                byHeader.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        try (var follower = new Socket(InetAddress.getLoopbackAddress(), service)) {
            follower.getOutputStream()
                    .write(
                            "GET /api/v1/campaigns/%s/events HTTP/1.1\r\nHost: x\r\n\r\n"
                                    .formatted(campaign)
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(follower.getInputStream().read()).as("it follows").isEqualTo('H');
            browser.driver().switchTo().newWindow(WindowType.TAB);
            browser.open(pageOf(byHeader));
            browser.awaitText("#remaining", "10");

            http.claim(campaign, "dave");

            browser.awaitText("#remaining", "9");
            assertThat(
                            browser.driver()
                                    .executeScript(
                                            """
                                            return performance.getEntriesByType("resource").map(it => it.name)
                                                .filter(it => it.includes("/api/")).join(" ")\
                                            """))
                    .asString()
                    .as("the view, a try to follow, and the view again")
                    .matches("\\S*/%1$s \\S*/%1$s/events \\S*/%1$s( .*)?".formatted(campaign));
        }
    }
}
