package com.coupon.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.Http;
import com.coupon.IntegrationTest;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WindowType;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** How operators sign in to the console: at a real issuer, in a real browser. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"management.server.port=0", "coupon.reconciliation.scheduled=false"})
@ActiveProfiles({"api", "consumer"})
@ContextConfiguration(initializers = IntegrationTest.OnRunningServers.class)
@DirtiesContext // its issuer goes with it
@InBrowser
class ConsoleSignInIT {

    private static final SignInServer ISSUER = new SignInServer();

    @LocalServerPort private int port;

    private String campaign = "";

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry registry) {
        String jwt = "spring.security.oauth2.resourceserver.jwt.";
        registry.add(jwt + "issuer-uri", ISSUER::address);
        registry.add(jwt + "jwk-set-uri", () -> ISSUER.address() + "/oauth2/jwks");
        registry.add(jwt + "audiences", () -> SignInServer.AUDIENCE);
        String signIn = "coupon.console.sign-in.";
        registry.add(signIn + "authorization-uri", () -> ISSUER.address() + "/oauth2/authorize");
        registry.add(signIn + "token-uri", () -> ISSUER.address() + "/oauth2/token");
        registry.add(signIn + "client-id", () -> SignInServer.CLIENT);
    }

    @AfterAll
    static void stop() {
        ISSUER.close();
    }

    @BeforeEach
    void register() {
        ISSUER.register(console());
        ISSUER.issuesTokensFor(Duration.ofMinutes(10));
        campaign = Campaigns.newId().value();
    }

    private String console() {
        return "http://localhost:" + port + "/console";
    }

    private static void fillIn(Browser browser, String name) {
        browser.awaitSeen("input[name=username]");
        browser.find("input[name=username]").sendKeys(name);
        browser.find("input[name=password]").sendKeys(SignInServer.PASSWORD);
        browser.click("button[type=submit]");
    }

    /** Begins at a place in the console. */
    private void signIn(Browser browser, String place, String name) {
        browser.open(console() + place);
        browser.click("dialog.sign-in button[type=submit]");
        fillIn(browser, name);
    }

    private static String entered(Browser browser, String name) {
        return Objects.requireNonNull(
                browser.find("input[name=" + name + "]").getDomProperty("value"));
    }

    @Test
    void anOperatorSignsInAndIsWhereHeWantedToBe(Browser browser) {
        signIn(browser, "#/audit-log?subject=" + campaign, SignInServer.OPERATOR);

        browser.awaitText("h1", "Audit log");
        browser.awaitText(".operator", SignInServer.OPERATOR);
        assertThat(browser.driver().getCurrentUrl())
                .isEqualTo(console() + "#/audit-log?subject=" + campaign);
        assertThat(
                        browser.driver()
                                .executeScript(
                                        "return sessionStorage.length + localStorage.length"))
                .as("what is kept beyond this page")
                .isEqualTo(0L);

        browser.open(console() + "#/new-campaign");
        browser.awaitSeen("input[name=id]");
        browser.find("input[name=id]").sendKeys(campaign);
        browser.find("input[name=name]").sendKeys("By token");
        browser.find("input[name=quantity]").sendKeys("10");
        browser.find("input[name=title]").sendKeys("A coupon");
        browser.find("input[name=discount]").sendKeys("10 %");
        browser.click("form.form button[type=submit]");
        browser.awaitText("h1", "By token");
        browser.awaitText(".panel table", SignInServer.OPERATOR);
    }

    /** The token runs out while a form is filled in; the other window gives another. */
    @Test
    void whoseTokenHasRunOutSignsInAgainAndLosesNothing(Browser browser) {
        ISSUER.issuesTokensFor(Duration.ofSeconds(15));
        signIn(browser, "#/new-campaign", SignInServer.OPERATOR);
        browser.awaitSeen("input[name=id]");
        browser.find("input[name=id]").sendKeys(campaign);
        browser.find("input[name=name]").sendKeys("Half an hour of work");
        browser.find("input[name=quantity]").sendKeys("10");
        browser.find("input[name=title]").sendKeys("A coupon");
        browser.find("input[name=discount]").sendKeys("10 %");
        ISSUER.issuesTokensFor(Duration.ofMinutes(10));
        awaitRefusal(browser);

        browser.click("form.form button[type=submit]");
        browser.awaitText("dialog.sign-in", "has run out");
        assertThat(entered(browser, "title")).isEqualTo("A coupon");
        String page = browser.driver().getWindowHandle();
        browser.click("dialog.sign-in button[type=submit]");

        // the issuer knows him still, so the other window has gone again by itself
        browser.driver().switchTo().window(page);
        browser.awaitText("h1", "Half an hour of work");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> browser.driver().getWindowHandles().equals(Set.of(page)));
    }

    /** Until the service refuses the token that the page has. */
    private void awaitRefusal(Browser browser) {
        var http = new Http(port);
        String token = tokenOf(browser);
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        http.call("GET", "/api/v1/admin/campaigns", "", "Authorization", token)
                                        .status()
                                == 401);
    }

    /** What the page would send. */
    private static String tokenOf(Browser browser) {
        return (String)
                browser.driver()
                        .executeAsyncScript(
                                """
                                const done = arguments[arguments.length - 1];
                                import('/console/identity.js')
                                  .then((identity) => identity.authorize())
                                  .then((headers) => done(headers.Authorization));
                                """);
    }

    @Test
    void whoeverIsNoOperatorHearsWhatHeLacks(Browser browser) {
        signIn(browser, "", SignInServer.CLERK);

        browser.awaitText("h1", "You may not do that");
        browser.awaitText("main", "known as carl, but without the scope coupon.admin");
        browser.awaitText(".problem", "forbidden");
        assertThat(browser.isSeen("main button")).as("signing in as somebody else").isTrue();
        browser.isAccessible();
    }

    @Test
    void aSignInThatIsCancelledCanBeBegunAgain(Browser browser) {
        browser.open(console());
        browser.click("dialog.sign-in .actions button[type=button]");
        browser.awaitText("main", "not signed in");
        browser.click("main button");
        browser.awaitSeen("dialog.sign-in");
    }

    /** Somebody else's code must not sign this operator in, nor must one that was used. */
    @Test
    void aSignInThatWasNotBegunHereIsRefused(Browser browser) {
        signIn(browser, "", SignInServer.OPERATOR);
        browser.awaitText("h1", "Campaigns");

        browser.driver().switchTo().newWindow(WindowType.TAB);
        browser.open(console() + "?code=stolen&state=guessed");
        browser.awaitText("main", "not begun here");
        browser.open(console() + "?error=access_denied&state=guessed");
        browser.awaitText("main", "not begun here");

        // nor in the middle of another one
        browser.driver()
                .executeScript(
                        "sessionStorage.setItem('coupon.console.sign-in', JSON.stringify({state: 'begun', verifier: 'v', place: ''}))");
        browser.open(console() + "?code=stolen&state=guessed");
        browser.awaitText("main", "not begun here");
    }

    /** The page may ask the issuer, and nobody else. */
    @Test
    void thePolicyNamesTheIssuer() {
        String policy =
                new Http(port).call("GET", "/console", "").header("Content-Security-Policy");
        assertThat(Stream.of(policy.split(";", -1)).map(String::strip))
                .contains(
                        "default-src 'none'",
                        "script-src 'self'",
                        "style-src 'self'",
                        "connect-src 'self' " + URI.create(ISSUER.address()),
                        "base-uri 'none'",
                        "frame-ancestors 'none'");
    }
}
