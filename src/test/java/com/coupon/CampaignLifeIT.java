package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Http.Answer;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.servers.RunningServers;
import com.coupon.shared.CampaignId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.XAddParams;

/** What an operator does with a campaign from its first draft to its end, over HTTP. */
@IntegrationTest
class CampaignLifeIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    @LocalServerPort private int port;
    @Autowired private CampaignCatalog catalog;
    @Autowired private CampaignArming arming;
    @Autowired private JdbcClient jdbc;

    private final String campaign = Campaigns.newId().value();
    private final CampaignId id = new CampaignId(campaign);
    private Http http = new Http(0);

    @BeforeEach
    void connect() {
        http = new Http(port);
    }

    private Answer edit(String patch, String ifMatch) {
        return http.admin("PATCH", "/campaigns/" + campaign, patch, "If-Match", ifMatch);
    }

    private static void isProblem(Answer answer, int status, String code) {
        assertThat(answer.get("code")).as(answer.response().body()).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
    }

    private Answer archive() {
        await().atMost(SOON)
                .until(() -> !http.step(campaign, "archive").get("code").equals("not-settled"));
        return http.step(campaign, "archive");
    }

    @Test
    void aCampaignIsPausedResumedClosedAndArchived() {
        http.open(campaign, 5);
        Answer won = http.claim(campaign, "ann");

        assertThat(http.step(campaign, "pause").get("state")).isEqualTo("PAUSED");
        isProblem(http.claim(campaign, "bob"), 409, "paused");
        assertThat(http.view(campaign).get("state")).isEqualTo("PAUSED");
        assertThat(http.step(campaign, "resume").get("state")).isEqualTo("PUBLISHED");
        assertThat(http.claim(campaign, "bob").status()).isEqualTo(201);
        assertThat(http.step(campaign, "close").get("state")).isEqualTo("CLOSED");
        isProblem(http.claim(campaign, "cid"), 409, "closed");
        isProblem(http.find(campaign, "cid"), 404, "no-claim");

        Answer archived = archive();
        assertThat(archived.get("state")).isEqualTo("ARCHIVED");
        assertThat(Instant.parse(archived.get("retainedUntil")))
                .isAfter(Instant.now().plus(Duration.ofDays(29)));
        isProblem(http.claim(campaign, "cid"), 410, "archived");
        isProblem(http.find(campaign, "cid"), 410, "archived");
        for (Answer again : List.of(http.claim(campaign, "ann"), http.find(campaign, "ann"))) {
            assertThat(again.get("status")).isEqualTo("ALREADY_ISSUED");
            assertThat(again.get("couponCode")).isEqualTo(won.get("couponCode"));
        }
        assertThat(http.view(campaign).get("state")).isEqualTo("ARCHIVED");
        assertThat(http.view(campaign).json().path("remaining").asLong()).isZero();
        try (Jedis redis = redis()) {
            assertThat(redis.keys("coupon:{" + campaign + "}:*"))
                    // what a sweep or the stats may leave is no part of the decision
                    .filteredOn(key -> !key.matches(".*:(sweeper|answers|rates)"))
                    .containsExactlyInAnyOrder(
                            "coupon:{" + campaign + "}:campaign",
                            "coupon:{" + campaign + "}:participants");
        }
    }

    private static Jedis redis() {
        return new Jedis(HostAndPort.from(RunningServers.get().redis()));
    }

    @Test
    void aCampaignWhoseCouponsAreStillOnTheirWayIsNotArchived() {
        http.open(campaign, 5);
        http.step(campaign, "close");
        try (Jedis redis = redis()) {
            // An entry that no sweep takes, because it is not of this campaign's form.
            redis.xadd(
                    "coupon:{" + campaign + "}:outbox",
                    XAddParams.xAddParams(),
                    Map.of("member", "ann"));

            isProblem(http.step(campaign, "archive"), 409, "not-settled");
            assertThat(http.admin("GET", "/campaigns/" + campaign, "").get("state"))
                    .isEqualTo("CLOSED");

            redis.xtrim("coupon:{" + campaign + "}:outbox", 0, false);
            redis.hset("coupon:{" + campaign + "}:campaign", "issued", "1");
            redis.set("coupon:{" + campaign + "}:stock", "4");
            Answer missingInTheLedger = http.step(campaign, "archive");
            isProblem(missingInTheLedger, 409, "not-settled");
            assertThat(missingInTheLedger.get("detail")).contains("1 ").contains("0 ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    path              , step    , answer
                    ''                , pause   , illegal-transition
                    ''                , resume  , illegal-transition
                    ''                , close   , illegal-transition
                    ''                , archive , illegal-transition
                    open              , open    , PUBLISHED
                    open              , resume  , PUBLISHED
                    open              , archive , illegal-transition
                    open pause        , pause   , PAUSED
                    open pause        , open    , illegal-transition
                    open pause        , archive , illegal-transition
                    open pause        , close   , CLOSED
                    open close        , close   , CLOSED
                    open close        , open    , illegal-transition
                    open close        , pause   , illegal-transition
                    open close        , resume  , illegal-transition
                    open close archive, archive , ARCHIVED
                    open close archive, open    , illegal-transition
                    open close archive, pause   , illegal-transition
                    open close archive, resume  , illegal-transition
                    open close archive, close   , illegal-transition\
                    """)
    void aStepThatDoesNotLeadFromThereIsRefusedAndOneThatWasTakenIsNot(
            String path, String step, String expected) {
        http.create(campaign, 1, "");
        for (String taken : path.isEmpty() ? new String[0] : path.split(" ")) {
            assertThat(http.step(campaign, taken).status()).isEqualTo(200);
        }
        String before = http.admin("GET", "/campaigns/" + campaign, "").header("ETag");

        Answer answer = http.step(campaign, step);

        if (expected.equals("illegal-transition")) {
            isProblem(answer, 409, expected);
            assertThat(http.admin("GET", "/campaigns/" + campaign, "").header("ETag"))
                    .isEqualTo(before);
        } else {
            assertThat(answer.get("state")).isEqualTo(expected);
        }
    }

    @Test
    void editingIsGuardedByTheVersionThatWasRead() {
        Answer created = http.create(campaign, 5, "");
        assertThat(created.header("ETag")).isEqualTo("\"1\"");

        isProblem(
                http.admin("PATCH", "/campaigns/" + campaign, "{\"name\":\"B\"}"),
                428,
                "precondition-required");
        for (String stale : List.of("\"2\"", "W/\"1\"", "1", "\"\"", "\"1x\"")) {
            isProblem(edit("{\"name\":\"B\"}", stale), 412, "precondition-failed");
        }
        Answer edited =
                edit(
                        "{\"name\":\"B\",\"quantity\":7,\"coupon\":{\"discount\":\"20 %\"},\"closesAt\":\"2999-01-01T00:00:00Z\"}",
                        "\"9\", \"1\"");
        assertThat(edited.status()).isEqualTo(200);
        assertThat(edited.header("ETag")).isEqualTo("\"2\"");
        assertThat(edited.get("name")).isEqualTo("B");
        assertThat(edited.json().path("quantity").asLong()).isEqualTo(7);
        assertThat(edited.json().path("coupon").path("title").asString()).isEqualTo("A coupon");
        assertThat(edited.json().path("coupon").path("discount").asString()).isEqualTo("20 %");
        assertThat(edit("{\"closesAt\":null}", "*").json().path("closesAt").isNull()).isTrue();
        assertThat(edit("{}", "\"3\"").header("ETag")).isEqualTo("\"3\"");
        isProblem(
                http.admin("POST", "/campaigns/" + campaign + "/open", "", "If-Match", "\"1\""),
                412,
                "precondition-failed");
        assertThat(http.admin("GET", "/campaigns/" + campaign, "").get("state")).isEqualTo("DRAFT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "\"name\"",
                "{\"id\":\"x\"}",
                "{\"state\":\"PUBLISHED\"}",
                "{\"version\":7}",
                "{\"name\":null}",
                "{\"name\":\"\"}",
                "{\"coupon\":null}",
                "{\"opensAt\":null}",
                "{\"eligibility\":null}",
                "{\"coupon\":{\"title\":null}}",
                "{\"coupon\":\"10 %\"}",
                "{\"coupon\":{\"price\":1}}",
                "{\"quantity\":0}",
                "{\"quantity\":\"many\"}",
                "{\"quantity\":1000000001}",
                "{\"opensAt\":\"soon\"}",
                "{\"closesAt\":\"1970-01-01T00:00:00Z\"}",
                "{\"eligibility\":\"SOME\"}"
            })
    void anEditThatMakesNoSenseIsRefused(String patch) {
        http.create(campaign, 5, "");

        isProblem(edit(patch, "*"), 400, "invalid-request");
    }

    @Test
    void whatIsPublicChangesInLessAndWhatIsOverNotAtAll() {
        http.open(campaign, 5);
        isProblem(edit("{\"quantity\":6}", "*"), 409, "not-editable");
        isProblem(edit("{\"eligibility\":\"ALLOW_LIST\"}", "*"), 409, "not-editable");
        assertThat(edit("{\"name\":\"B\",\"closesAt\":\"2999-01-01T00:00:00Z\"}", "*").status())
                .isEqualTo(200);
        assertThat(http.view(campaign).get("name")).isEqualTo("B");
        assertThat(http.view(campaign).get("closesAt")).isEqualTo("2999-01-01T00:00:00Z");

        http.step(campaign, "close");
        isProblem(edit("{\"closesAt\":null}", "*"), 409, "not-editable");
        assertThat(edit("{\"name\":\"C\"}", "*").status()).isEqualTo(200);
        archive();
        isProblem(edit("{\"name\":\"D\"}", "*"), 409, "not-editable");
    }

    @Test
    void aScheduledCampaignOpensAtItsInstantWithNobodyAwake() {
        Instant opensAt = serverTime().plusMillis(2_500);
        http.create(campaign, 100, ",\"opensAt\":\"" + opensAt + "\"");
        http.step(campaign, "open");
        assertThat(http.view(campaign).get("state")).isEqualTo("SCHEDULED");

        Answer tooEarly = http.claim(campaign, "m0");
        Answer answer = tooEarly;
        Instant lastRefusal = Instant.EPOCH;
        for (int number = 1; answer.status() == 409; number++) {
            isProblem(answer, 409, "not-open-yet");
            assertThat(answer.header("Retry-After")).isIn("1", "2", "3");
            lastRefusal = serverTime();
            answer = http.claim(campaign, "m" + number);
        }

        isProblem(tooEarly, 409, "not-open-yet");
        assertThat(answer.status()).isEqualTo(201);
        Instant issuedAt = Instant.parse(answer.get("issuedAt"));
        assertThat(issuedAt).isAfterOrEqualTo(opensAt);
        // The refusal before it was right, too: it was not yet time when it was decided.
        assertThat(lastRefusal).isBefore(issuedAt.plusSeconds(1));
        assertThat(http.claim(campaign, "late").status()).isEqualTo(201);
        assertThat(http.view(campaign).get("state")).isEqualTo("OPEN");
    }

    private Instant serverTime() {
        try (Jedis redis = redis()) {
            List<String> time = redis.time();
            return Instant.ofEpochSecond(
                    Long.parseLong(time.get(0)), Long.parseLong(time.get(1)) / 1_000 * 1_000_000);
        }
    }

    @Test
    void aChangeThatWasCutShortBeforeRedisIsFinished() {
        http.open(campaign, 5);
        http.claim(campaign, "ann");

        // The catalogue was changed, and then the process died.
        catalog.update(id, "test", Campaign::paused);

        await().atMost(SOON).until(() -> http.view(campaign).get("state").equals("PAUSED"));
        isProblem(http.claim(campaign, "bob"), 409, "paused");
        http.step(campaign, "resume");
        assertThat(http.view(campaign).json().path("remaining").asLong()).isEqualTo(4);
    }

    @Test
    void aChangeThatWasCutShortAfterRedisIsTakenBackAndNothingIsRefilled() {
        http.open(campaign, 5);
        http.claim(campaign, "ann");

        // Redis was changed, and then the process died before the catalogue was.
        arming.change(catalog.find(id).orElseThrow().adjusted(-3));
        assertThat(stock()).isEqualTo(1);

        await().atMost(SOON).until(() -> stock() == 4);
        for (String member : List.of("bob", "cid", "dan", "eve")) {
            assertThat(http.claim(campaign, member).status()).isEqualTo(201);
        }
        isProblem(http.claim(campaign, "fay"), 409, "sold-out");
        assertThat(http.adjust(campaign, "more", 1).status()).isEqualTo(200);
        assertThat(http.claim(campaign, "fay").status()).isEqualTo(201);
    }

    private long stock() {
        try (Jedis redis = redis()) {
            return Long.parseLong(redis.get("coupon:{" + campaign + "}:stock"));
        }
    }

    @Test
    void aStepAfterOneThatWasCutShortReachesRedisAllTheSame() {
        http.open(campaign, 5);
        arming.change(catalog.find(id).orElseThrow().adjusted(-3));

        // By now Redis has a version that the catalogue gives to the pause.
        assertThat(http.step(campaign, "pause").get("state")).isEqualTo("PAUSED");

        isProblem(http.claim(campaign, "ann"), 409, "paused");
        assertThat(stock()).isEqualTo(5);
    }

    /** The statement is the last thing that the database does for this campaign. */
    private void failingAt(String statement, Runnable test) {
        String name = "fail_" + campaign.replace('-', '_');
        jdbc.sql(
                        """
                        CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN %s; RETURN NEW; END $$;
                        CREATE TRIGGER %s BEFORE UPDATE ON campaigns
                        FOR EACH ROW WHEN (NEW.id = '%s') EXECUTE FUNCTION %s()
                        """
                                .formatted(name, statement, name, campaign, name))
                .update();
        try {
            test.run();
        } finally {
            jdbc.sql("DROP FUNCTION " + name + " CASCADE").update();
        }
    }

    @Test
    void aDatabaseThatGoesAwayWithinAStepIsToldAsPassingAndNothingHasHappened() {
        http.open(campaign, 5);

        failingAt(
                "PERFORM pg_terminate_backend(pg_backend_pid())",
                () -> {
                    Answer answer = http.step(campaign, "pause");
                    isProblem(answer, 503, "unavailable");
                    assertThat(answer.header("Retry-After")).matches("[1-3]");
                });

        assertThat(http.claim(campaign, "ann").status()).isEqualTo(201);
        assertThat(http.step(campaign, "pause").get("state")).isEqualTo("PAUSED");
    }

    @Test
    void aFailureOfOurOwnTellsNothingOfWhereItHappened() {
        http.open(campaign, 5);

        failingAt(
                "RAISE EXCEPTION 'com.coupon.Secret at 10.1.2.3'",
                () -> {
                    Answer answer = http.step(campaign, "pause");
                    isProblem(answer, 500, "internal-error");
                    assertThat(answer.header("Content-Type"))
                            .startsWith("application/problem+json");
                    assertThat(answer.response().body())
                            .doesNotContain("com.coupon", "10.1.2.3", "SQL", "Exception", "\tat ");
                });
    }

    @Test
    void archivedWinnersAreForgottenWhenTheirRetentionEnds() {
        http.open(campaign, 5);
        http.claim(campaign, "ann");
        http.step(campaign, "close");
        archive();

        try (Jedis redis = redis()) {
            catalog.update(id, "test", stored -> retainedUntil(stored, Instant.now()));

            await().atMost(SOON)
                    .until(() -> !redis.exists("coupon:{" + campaign + "}:participants"));
            isProblem(http.claim(campaign, "ann"), 410, "archived");
            isProblem(http.find(campaign, "ann"), 410, "archived");
            assertThat(redis.exists("coupon:{" + campaign + "}:campaign")).isTrue();
        }
    }

    private static Campaign retainedUntil(Campaign archived, Instant end) {
        return new Campaign(
                archived.id(),
                archived.plan(),
                archived.returned(),
                archived.state(),
                archived.allowList(),
                end,
                archived.version() + 1,
                archived.epoch(),
                true);
    }

    @Test
    void campaignsAreListedPageByPage() {
        List<String> ids = List.of(campaign + "-1", campaign + "-2", campaign + "-3");
        ids.forEach(each -> http.create(each, 1, ""));
        http.step(ids.get(1), "open");

        Answer first = http.admin("GET", "/campaigns?limit=2&after=" + campaign, "");
        assertThat(first.json().path("items").get(0).path("id").asString()).isEqualTo(ids.get(0));
        assertThat(first.get("next")).isEqualTo(ids.get(1));
        Answer drafts = http.admin("GET", "/campaigns?state=DRAFT&limit=2&after=" + campaign, "");
        assertThat(drafts.json().path("items").get(1).path("id").asString()).isEqualTo(ids.get(2));
        for (String wrong : List.of("limit=0", "limit=1001", "after=X", "state=OPEN", "limit=x")) {
            isProblem(http.admin("GET", "/campaigns?" + wrong, ""), 400, "invalid-request");
        }
    }

    @Test
    void everyActionIsInTheAuditLogWithWhatWasBeforeAndAfter() {
        http.open(campaign, 5);
        http.step(campaign, "pause");
        http.step(campaign, "pause");
        http.adjust(campaign, "a", 2);
        isProblem(http.adjust(campaign, "b", -9), 400, "invalid-request");

        Answer log = http.admin("GET", "/audit-log?subject=" + campaign, "");
        assertThat(log.json().path("items").values())
                .extracting(entry -> entry.path("action").asString())
                .containsExactly(
                        "stock.adjusted", "campaign.paused", "campaign.opened", "campaign.created");
        assertThat(log.json().path("items").values())
                .extracting(entry -> entry.path("operator").asString())
                .containsOnly("ops");
        var adjusted = log.json().path("items").get(0);
        assertThat(adjusted.path("before").path("plan").path("quantity").asLong()).isEqualTo(5);
        assertThat(adjusted.path("after").path("plan").path("quantity").asLong()).isEqualTo(7);
        assertThat(adjusted.path("after").path("id").asString()).isEqualTo(campaign);
        Answer second =
                http.admin(
                        "GET",
                        "/audit-log?limit=2&subject="
                                + campaign
                                + "&before="
                                + log.json().path("items").get(1).path("id").asLong(),
                        "");
        assertThat(second.json().path("items").size()).isEqualTo(2);
        for (String wrong :
                List.of(
                        "before=0",
                        "subject=%00",
                        "subject=%ff%fe",
                        "subject=" + ",".repeat(2_800))) {
            isProblem(http.admin("GET", "/audit-log?" + wrong, ""), 400, "invalid-request");
        }
    }
}
