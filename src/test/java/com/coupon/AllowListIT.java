package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Http.Answer;
import com.coupon.issuance.port.out.AllowLists;
import com.coupon.servers.RunningServers;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who may claim, uploaded as CSV. */
@IntegrationTest
class AllowListIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final JsonMapper JSON = new JsonMapper();

    @LocalServerPort private int port;
    @Autowired private JdbcClient jdbc;
    @Autowired private AllowLists lists;

    private final String campaign = Campaigns.newId().value();
    private Http http = new Http(0);

    @BeforeEach
    void createACampaignForSomeOnly() {
        http = new Http(port);
        http.create(campaign, 100, ",\"eligibility\":\"ALLOW_LIST\"");
    }

    private Answer upload(String csv) {
        return http.adminCsv("PUT", "/campaigns/" + campaign + "/eligible-members", csv);
    }

    private static List<JsonNode> lines(Answer answer) {
        return answer.response().body().lines().map(JSON::readTree).toList();
    }

    private static void isProblem(Answer answer, int status, String code) {
        assertThat(answer.get("code")).as(answer.response().body()).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
    }

    private long stored() {
        return jdbc.sql("SELECT count(*) FROM eligible_members WHERE campaign_id = ?")
                .param(campaign)
                .query(Long.class)
                .single();
    }

    private static Jedis redis() {
        return new Jedis(HostAndPort.from(RunningServers.get().redis()));
    }

    @Test
    void onlyMembersOfTheListInForceWin() {
        Answer uploaded = upload("memberId\r\nann\r\n\r\nbob\r\nann\r\n\"c\"\"id\"");
        assertThat(uploaded.status()).isEqualTo(200);
        assertThat(uploaded.header("Content-Type")).startsWith("application/x-ndjson");
        assertThat(lines(uploaded).getLast().path("status").asString()).isEqualTo("REPLACED");
        assertThat(lines(uploaded).getLast().path("members").asLong()).isEqualTo(3);
        assertThat(lines(uploaded).getLast().path("duplicates").asLong()).isEqualTo(1);

        assertThat(http.step(campaign, "open").status()).isEqualTo(200);
        assertThat(http.claim(campaign, "ann").status()).isEqualTo(201);
        assertThat(http.claim(campaign, "c\"id").status()).isEqualTo(201);
        isProblem(http.claim(campaign, "dan"), 403, "not-eligible");

        assertThat(upload("dan").status()).isEqualTo(200);
        assertThat(http.claim(campaign, "dan").status()).isEqualTo(201);
        isProblem(http.claim(campaign, "bob"), 403, "not-eligible");
        assertThat(http.claim(campaign, "ann").get("status")).isEqualTo("ALREADY_ISSUED");
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void aCampaignWhoseListIsStillToComeIsNotOpened() {
        isProblem(http.step(campaign, "open"), 409, "illegal-transition");
        upload("ann");
        assertThat(http.step(campaign, "open").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            nullValues = "none",
            textBlock =
                    """
                    csv                    , line
                    ''                     , none
                    memberId               , none
                    'memberId\\n\\n\\n'    , none
                    'ann\\nb ob'           , 2
                    'ann\\n\\ncid,dan'     , 3
                    'ann\\n\u00e9ve'       , 2
                    'ann\\n\"bob'          , 1
                    ',ann'                 , 1
                    'ann;bob\\ncid,'       , 2\
                    """)
    void aListThatIsNotAsItShouldBeChangesNothing(String csv, @Nullable Integer line) {
        upload("bob");
        http.step(campaign, "open");

        Answer refused = upload(csv.replace("\\n", "\n"));

        isProblem(refused, 400, "invalid-csv");
        if (line != null) {
            assertThat(refused.json().path("line").asInt()).isEqualTo(line);
        }
        isProblem(http.claim(campaign, "ann"), 403, "not-eligible");
        assertThat(http.claim(campaign, "bob").status()).isEqualTo(201);
        assertThat(stored()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {129, 20_000, 70_000})
    void aMemberThatIsTooLongIsRefusedHoweverLong(int length) {
        isProblem(upload("ann\n" + "x".repeat(length)), 400, "invalid-csv");
        assertThat(stored()).isZero();
    }

    @Test
    void aCampaignForEveryoneHasNoList() {
        String open = Campaigns.newId().value();
        http.open(open, 1);
        isProblem(
                http.adminCsv("PUT", "/campaigns/" + open + "/eligible-members", "ann"),
                409,
                "no-allow-list");
        isProblem(
                http.adminCsv("PUT", "/campaigns/no-such-campaign/eligible-members", "ann"),
                404,
                "unknown-campaign");
        isProblem(
                http.admin("PUT", "/campaigns/" + campaign + "/eligible-members", "[\"ann\"]"),
                415,
                "unsupported-media-type");
        upload("ann");
        http.step(campaign, "open");
        http.step(campaign, "close");
        isProblem(upload("bob"), 409, "not-editable");
    }

    @Test
    void anUploadThatBreaksOffChangesNothing() throws IOException {
        upload("bob");
        http.step(campaign, "open");
        try (var socket = new Socket("localhost", port)) {
            String head =
                    """
                    PUT /api/v1/admin/campaigns/%s/eligible-members HTTP/1.1\r
                    Host: localhost\r
                    X-User-Id: ops\r
                    X-User-Scopes: coupon.admin\r
                    Content-Type: text/csv\r
                    Content-Length: 1000000\r
                    \r
                    """
                            .formatted(campaign);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(members(0, 20_000));
            socket.getOutputStream().flush();
            await().atMost(SOON).until(() -> stored() > 1);
        }
        await().atMost(SOON).until(() -> stored() == 1);
        isProblem(http.claim(campaign, "m0000000"), 403, "not-eligible");
        assertThat(http.claim(campaign, "bob").status()).isEqualTo(201);
    }

    private static byte[] members(int from, int to) {
        StringBuilder csv = new StringBuilder();
        for (int number = from; number < to; number++) {
            csv.append("m%07d\n".formatted(number));
        }
        return csv.toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aMillionMembersAreReadAsTheyComeAndTheAnswerTellsHowFarItHasCome() {
        upload("zoe");
        http.step(campaign, "open");

        Answer answer =
                http.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://localhost:"
                                                        + port
                                                        + "/api/v1/admin/campaigns/"
                                                        + campaign
                                                        + "/eligible-members"))
                                .header("X-User-Id", "ops")
                                .header("X-User-Scopes", "coupon.admin")
                                .header("Content-Type", "text/csv")
                                .PUT(BodyPublishers.ofInputStream(AllowListIT::million))
                                .build());

        assertThat(answer.status()).isEqualTo(200);
        List<JsonNode> lines = lines(answer);
        assertThat(lines.getFirst().path("status").asString()).isEqualTo("READING");
        assertThat(lines.getFirst().path("members").asLong()).isEqualTo(50_000);
        assertThat(lines).hasSize(21);
        assertThat(lines.getLast().path("status").asString()).isEqualTo("REPLACED");
        assertThat(lines.getLast().path("members").asLong()).isEqualTo(1_000_000);
        try (Jedis redis = redis()) {
            assertThat(redis.scard("coupon:{" + campaign + "}:eligible")).isEqualTo(1_000_001);
            assertThat(redis.ttl("coupon:{" + campaign + "}:eligible")).isEqualTo(-1);
            await().atMost(SOON)
                    .until(() -> redis.keys("coupon:{" + campaign + "}:eligible:*").isEmpty());
        }
        assertThat(http.claim(campaign, "m0999999").status()).isEqualTo(201);
        isProblem(http.claim(campaign, "zoe"), 403, "not-eligible");

        // What fails after the first line is told in the last.
        Answer failed =
                upload(new String(members(0, 60_000), StandardCharsets.US_ASCII) + "b ob\n");
        assertThat(failed.status()).isEqualTo(200);
        assertThat(lines(failed).getLast().path("code").asString()).isEqualTo("invalid-csv");
        assertThat(lines(failed).getLast().path("line").asLong()).isEqualTo(60_001);
        assertThat(http.claim(campaign, "m0999998").status()).isEqualTo(201);
    }

    /** Made as it is read, so that the test holds no million either. */
    private static InputStream million() {
        return new SequenceInputStream(
                Collections.enumeration(
                        IntStream.range(0, 100)
                                .<InputStream>mapToObj(part -> new Lazily(part * 10_000))
                                .toList()));
    }

    /** Ten thousand members, made when they are first read. */
    private static final class Lazily extends InputStream {

        private final int from;
        private @Nullable InputStream made;

        Lazily(int from) {
            this.from = from;
        }

        private InputStream made() {
            InputStream stream = made;
            if (stream == null) {
                stream = new ByteArrayInputStream(members(from, from + 10_000));
                made = stream;
            }
            return stream;
        }

        @Override
        public int read() {
            try {
                return made().read();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return made().read(buffer, offset, length);
        }
    }

    @Test
    void aListThatTheCatalogueNamesIsNotForgottenByAnUploadThatDoesNotKnowHowItEnded() {
        upload("ann\nbob");
        long named =
                jdbc.sql("SELECT allow_list FROM campaigns WHERE id = ?")
                        .param(campaign)
                        .query(Long.class)
                        .single();

        lists.dropUnlessNamed(new CampaignId(campaign), named);
        assertThat(stored()).isEqualTo(2);

        lists.add(new CampaignId(campaign), named + 1_000_000, List.of(new MemberId("cid")));
        lists.dropUnlessNamed(new CampaignId(campaign), named + 1_000_000);
        assertThat(stored()).isEqualTo(2);
    }

    @Test
    void ofManyUploadsAtOnceTheLastIsInForceAndNobodyWhoIsOnAllOfThemIsEverRefused() {
        upload("zoe");
        http.step(campaign, "open");
        var refused = new AtomicInteger();
        var done = new AtomicBoolean();
        var asking =
                CompletableFuture.runAsync(
                        () -> {
                            while (!done.get()) {
                                if (http.claim(campaign, "zoe").status() == 403) {
                                    refused.incrementAndGet();
                                }
                            }
                        },
                        runnable -> new Thread(runnable).start());
        String csv = "zoe\n" + new String(members(0, 12_000), StandardCharsets.US_ASCII);
        List<Integer> statuses =
                IntStream.range(0, 8).parallel().mapToObj(n -> upload(csv).status()).toList();
        done.set(true);
        asking.join();

        assertThat(statuses)
                .contains(200)
                .allMatch(status -> List.of(200, 409, 503).contains(status));
        assertThat(refused).hasValue(0);
        await().atMost(SOON).until(() -> stored() == 12_001);
        try (Jedis redis = redis()) {
            assertThat(redis.scard("coupon:{" + campaign + "}:eligible")).isEqualTo(12_002);
        }
    }

    @Test
    void anArchivedCampaignKeepsNoList() {
        upload("ann");
        http.step(campaign, "open");
        http.step(campaign, "close");
        assertThat(http.step(campaign, "archive").status()).isEqualTo(200);
        assertThat(stored()).isZero();
    }

    @Test
    void aListThatWasCutShortBeforeRedisIsBrought() {
        upload("bob");
        http.step(campaign, "open");
        try (Jedis redis = redis()) {
            // The catalogue names a list that Redis has never been brought.
            redis.hset("coupon:{" + campaign + "}:campaign", "allowList", "0");
            redis.srem("coupon:{" + campaign + "}:eligible", "bob");
        }
        await().atMost(SOON).until(() -> http.claim(campaign, "bob").status() == 201);
    }
}
