package com.coupon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.coupon.Http.Answer;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.port.in.RebuildCampaign;
import com.coupon.persistence.port.out.DeadLetters;
import com.coupon.persistence.port.out.DeadLetters.OpenLetter;
import com.coupon.servers.RunningServers;
import com.coupon.shared.CampaignId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.KafkaHeaders;
import tools.jackson.databind.JsonNode;

/** Records the ledger cannot take: how they are kept, and what operators can do with them. */
@IntegrationTest
class DeadLetterIT {

    private static final String TOPIC = "coupon.issued";
    private static final String DEAD = TOPIC + "-dlt";
    private static final Duration SOON = Duration.ofSeconds(30);

    @LocalServerPort private int port;
    @Autowired private KafkaTemplate<String, byte[]> kafka;
    @Autowired private JdbcClient jdbc;
    @Autowired private DeadLetters letters;
    @Autowired private RebuildCampaign rebuilds;
    @Autowired private MeterRegistry meters;

    private final String campaign = Campaigns.newId().value();
    private Http http = new Http(0);

    @BeforeEach
    void connect() {
        http = new Http(port);
    }

    private String event(long serial, String member) {
        return event(serial, member, 1);
    }

    private String event(long serial, String member, long epoch) {
        String code = UUID.randomUUID().toString().replace("-", "").substring(0, 20);
        return """
        {"version":1,"campaignId":"%s","epoch":%d,"serial":%d,"memberId":"%s","couponCode":"%s","issuedAt":1767323045678}\
        """
                .formatted(campaign, epoch, serial, member, code);
    }

    private void send(String event) {
        send(event.getBytes(StandardCharsets.UTF_8));
    }

    private void send(byte[] event) {
        kafka.send(TOPIC, campaign, event).join();
    }

    private List<JsonNode> list(String query) {
        List<JsonNode> found = new ArrayList<>();
        Answer answer = http.admin("GET", "/dead-letters?campaign=" + campaign + query, "");
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        answer.json().path("items").forEach(found::add);
        return found;
    }

    private List<String> values(String query, String member) {
        return list(query).stream().map(letter -> letter.path(member).asString("")).toList();
    }

    private List<Long> ids(String query) {
        return list(query).stream().map(letter -> letter.path("id").asLong()).toList();
    }

    /** The only letter of this test, once it is there. */
    private long theLetter() {
        await().atMost(SOON).untilAsserted(() -> assertThat(ids("")).hasSize(1));
        return ids("").getFirst();
    }

    private Answer letter(long id) {
        return http.admin("GET", "/dead-letters/" + id, "");
    }

    private Answer replay(long id) {
        return http.admin("POST", "/dead-letters/" + id + "/replay", "");
    }

    private Answer discard(long id, String reason) {
        return http.admin(
                "POST", "/dead-letters/" + id + "/discard", "{\"reason\":\"" + reason + "\"}");
    }

    private List<String> recorded() {
        return jdbc.sql(
                        "SELECT member_id FROM coupon_issuances WHERE campaign_id = ? ORDER BY serial")
                .param(campaign)
                .query((row, number) -> String.valueOf(row.getString(1)))
                .list();
    }

    private List<String> audited() {
        return jdbc
                .sql("SELECT action FROM audit_log WHERE subject = ? ORDER BY id")
                .param(campaign)
                .query((row, number) -> String.valueOf(row.getString(1)))
                .list()
                .stream()
                .filter(action -> action.startsWith("dead-letter."))
                .toList();
    }

    private static void isProblem(Answer answer, int status, String code) {
        assertThat(answer.get("code")).as(answer.response().body()).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
    }

    private void endTheFirstEpoch() {
        jdbc.sql("UPDATE campaigns SET epoch = 2 WHERE id = ?").param(campaign).update();
    }

    @Test
    void everyReasonArrives() {
        http.create(campaign, 5, "");
        endTheFirstEpoch();
        send(event(1, "ann", 2));
        send("{\"version\":2,\"campaignId\":\"" + campaign + "\",\"serial\":-3}");
        send(event(6, "beyond-the-stock", 2));
        send(event(1, "another-member", 2));
        send(event(2, "late", 1));
        send(event(3, "bob", 2));
        await().atMost(SOON).untilAsserted(() -> assertThat(ids("")).hasSize(4));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(recorded()).containsExactly("ann", "bob"));

        assertThat(values("", "reason"))
                .containsExactly("UNREADABLE", "REFUSED", "CONFLICT", "LATE");
        assertThat(values("", "status")).containsOnly("OPEN");
        assertThat(values("", "topic")).containsOnly(TOPIC);
        assertThat(values("", "memberId"))
                .containsExactly("", "beyond-the-stock", "another-member", "late");
        assertThat(list("").stream().map(letter -> letter.path("serial").asLong(0)))
                .containsExactly(0L, 6L, 1L, 2L);
        assertThat(values("", "cause").get(1)).contains("serial 6", "is beyond its stock");
    }

    @Test
    void whatIsRefusedTellsNothingOfTheRow() {
        http.create(campaign, 5, "");
        send(event(6, "beyond-the-stock"));
        theLetter();

        assertThat(values("", "cause").getFirst())
                .doesNotContain("beyond-the-stock", "Failing row", "Key (");
    }

    private ProducerRecord<String, byte[]> deadLetter(int offset, String event) {
        var record =
                new ProducerRecord<>(DEAD, 0, campaign, event.getBytes(StandardCharsets.UTF_8));
        record.headers()
                .add(KafkaHeaders.DLT_ORIGINAL_TOPIC, campaign.getBytes(StandardCharsets.UTF_8))
                .add(KafkaHeaders.DLT_ORIGINAL_PARTITION, ByteBuffer.allocate(4).array())
                .add(
                        KafkaHeaders.DLT_ORIGINAL_OFFSET,
                        ByteBuffer.allocate(8).putLong(offset).array())
                .add(KafkaHeaders.DLT_ORIGINAL_TIMESTAMP, ByteBuffer.allocate(8).array())
                .add("coupon-reason", "REFUSED".getBytes(StandardCharsets.UTF_8));
        return record;
    }

    @Test
    void aLetterThatIsDeliveredThreeTimesIsStoredOnceAndStaysDecided() {
        String event = event(1, "ann");
        kafka.send(deadLetter(1, event)).join();
        long id = theLetter();
        assertThat(discard(id, "A test").status()).isEqualTo(200);
        kafka.send(deadLetter(1, event)).join();
        kafka.send(deadLetter(1, event)).join();
        kafka.send(deadLetter(2, event)).join(); // the same event, refused a second time

        await().atMost(SOON).untilAsserted(() -> assertThat(ids("")).hasSize(2));
        assertThat(values("", "status")).containsExactly("DISCARDED", "OPEN");
        assertThat(ids("").getFirst()).isEqualTo(id);
    }

    @Test
    void whatLacksOurHeadersIsStoredWithWhatIsKnown() {
        kafka.send(DEAD, 3, "\u0000key", event(1, "ann").getBytes(StandardCharsets.UTF_8)).join();

        long id = theLetter();
        JsonNode stored = list("").getFirst();
        assertThat(stored.path("topic").asString()).isEqualTo(DEAD);
        assertThat(stored.path("partition").asInt()).isEqualTo(3);
        assertThat(stored.path("reason").isNull()).isTrue();
        assertThat(letter(id).json().path("key").path("encoding").asString()).isEqualTo("BASE64");

        http.create(campaign, 5, "");
        assertThat(replay(id).status()).isEqualTo(200);
        await().atMost(SOON).untilAsserted(() -> assertThat(recorded()).containsExactly("ann"));
    }

    @Test
    void whatIsNotEvenAnEventIsStoredByteByByte() {
        byte[] bytes = HexFormat.of().parseHex("00ff80c3280a");
        var record = new ProducerRecord<String, byte[]>(TOPIC, null, bytes);
        record.headers().add("trace", "abc".getBytes(StandardCharsets.UTF_8));
        kafka.send(record).join();

        await().atMost(SOON).untilAsserted(() -> assertThat(storedAs(bytes)).isEqualTo(1));
        long id =
                jdbc.sql("SELECT max(id) FROM dead_letters WHERE value = ?")
                        .param(bytes)
                        .query(Long.class)
                        .single();
        JsonNode shown = letter(id).json();
        assertThat(shown.path("value").path("encoding").asString()).isEqualTo("BASE64");
        assertThat(shown.path("value").path("content").asString()).isEqualTo("AP+AwygK");
        assertThat(shown.path("headers").size()).isEqualTo(1);
        assertThat(shown.path("headers").path(0).path("name").asString()).isEqualTo("trace");
        assertThat(shown.path("headers").path(0).path("value").path("content").asString())
                .isEqualTo("abc");
        assertThat(replay(id).status()).isEqualTo(200);
        await().atMost(SOON).untilAsserted(() -> assertThat(storedAs(bytes)).isEqualTo(2));
    }

    private long storedAs(byte[] value) {
        return jdbc.sql("SELECT count(*) FROM dead_letters WHERE value = ?")
                .param(value)
                .query(Long.class)
                .single();
    }

    @Test
    void aRecordAsLongAsKafkaTakesItIsStoredWhole() {
        byte[] value = "x".repeat((1 << 20) - 300).getBytes(StandardCharsets.US_ASCII);
        send(value);

        await().atMost(SOON).untilAsserted(() -> assertThat(storedAs(value)).isEqualTo(1));
        long id =
                jdbc.sql("SELECT max(id) FROM dead_letters WHERE value = ?")
                        .param(value)
                        .query(Long.class)
                        .single();
        JsonNode shown = letter(id).json();
        assertThat(shown.path("letter").path("valueBytes").asInt()).isEqualTo(value.length);
        assertThat(shown.path("value").path("shownBytes").asInt()).isEqualTo(64 << 10);
        assertThat(replay(id).status()).isEqualTo(200);
        await().atMost(SOON).untilAsserted(() -> assertThat(storedAs(value)).isEqualTo(2));
    }

    private static void letDeadLettersHave(int maxBytes) throws Exception {
        try (var admin =
                Admin.create(
                        Map.of(
                                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                                RunningServers.get().kafka()))) {
            var entry =
                    new ConfigEntry(
                            TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxBytes));
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, DEAD),
                                    List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    @Test
    void oneThatIsTooLongForTheTopicOfDeadLettersGoesThereWithoutItsValue() throws Exception {
        http.create(campaign, 5, "");
        letDeadLettersHave(1_500);
        try {
            send("{\"campaignId\":\"" + campaign + "\"" + " ".repeat(3_000) + "}");
            send(event(1, "ann"));
            await().atMost(SOON).untilAsserted(() -> assertThat(recorded()).containsExactly("ann"));
        } finally {
            letDeadLettersHave(2 << 20);
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(cut()).hasSize(1));
        long id = cut().getFirst();
        assertThat(letter(id).json().path("value").isNull()).isTrue();
        assertThat(letter(id).json().at("/letter/reason").asString()).isEqualTo("UNREADABLE");
        isProblem(replay(id), 409, "conflict");
        assertThat(discard(id, "A test").status()).isEqualTo(200);
    }

    private List<Long> cut() {
        return jdbc.sql(
                        "SELECT id FROM dead_letters WHERE value IS NULL AND value_bytes > 3000 AND status = 'OPEN'")
                .query((row, number) -> row.getLong(1))
                .list();
    }

    @Test
    void thePayloadIsShownAsItIsAndWhoHasLookedIsNoted() {
        String event = event(1, "ann");
        send(event);
        JsonNode shown = letter(theLetter()).json();

        assertThat(shown.path("value").path("encoding").asString()).isEqualTo("TEXT");
        assertThat(shown.path("value").path("content").asString()).isEqualTo(event);
        assertThat(shown.path("key").path("content").asString()).isEqualTo(campaign);
        assertThat(shown.path("letter").path("memberId").asString()).isEqualTo("ann");
        assertThat(audited()).containsExactly("dead-letter.inspected");
    }

    @Test
    void theListIsPagedAndFiltered() {
        http.create(campaign, 5, "");
        IntStream.rangeClosed(6, 8).forEach(serial -> send(event(serial, "m" + serial)));
        send("{\"campaignId\":\"" + campaign + "\"}");
        await().atMost(SOON).untilAsserted(() -> assertThat(ids("")).hasSize(4));
        List<Long> all = ids("");
        discard(all.get(1), "A test");

        assertThat(all).isSorted();
        assertThat(ids("&reason=UNREADABLE")).containsExactly(all.get(3));
        assertThat(ids("&status=DISCARDED")).containsExactly(all.get(1));
        assertThat(ids("&status=OPEN&reason=REFUSED")).containsExactly(all.get(0), all.get(2));

        Answer first =
                http.admin(
                        "GET",
                        "/dead-letters?limit=2&reason=REFUSED&status=OPEN&campaign=" + campaign,
                        "");
        assertThat(first.json().path("next").isNull()).isTrue();
        first = http.admin("GET", "/dead-letters?limit=2&campaign=" + campaign, "");
        assertThat(first.json().path("next").asLong()).isEqualTo(all.get(1));
        assertThat(first.response().headers().allValues("Link"))
                .containsExactly(
                        "</api/v1/admin/dead-letters?limit=2&campaign="
                                + campaign
                                + ">; rel=\"first\"",
                        "</api/v1/admin/dead-letters?limit=2&campaign="
                                + campaign
                                + "&after="
                                + all.get(1)
                                + ">; rel=\"next\"");
        assertThat(ids("&limit=2&after=" + all.get(1))).containsExactly(all.get(2), all.get(3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "after=-1",
                "status=GONE",
                "reason=?",
                "campaign=A"
            })
    void aListThatMakesNoSenseIsRefused(String query) {
        isProblem(http.admin("GET", "/dead-letters?" + query, ""), 400, "invalid-request");
    }

    @Test
    void whatWasRefusedIsRecordedOnceItsCauseIsGone() {
        send(event(1, "ann"));
        send(event(2, "bob"));
        await().atMost(SOON).untilAsserted(() -> assertThat(ids("")).hasSize(2));
        http.open(campaign, 1);

        Answer replayed = replay(ids("").get(0));
        assertThat(replayed.status()).isEqualTo(200);
        assertThat(replayed.get("status")).isEqualTo("REPLAYED");
        assertThat(replayed.get("decidedBy")).isEqualTo("ops");
        await().atMost(SOON).untilAsserted(() -> assertThat(recorded()).containsExactly("ann"));

        // refused again, so it is another letter
        replay(ids("").get(1));
        await().atMost(SOON).untilAsserted(() -> assertThat(ids("")).hasSize(3));
        assertThat(values("", "status")).containsExactly("REPLAYED", "REPLAYED", "OPEN");

        assertThat(http.adjust(campaign, "more", 1).status()).isEqualTo(200);
        replay(ids("").get(2));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(recorded()).containsExactly("ann", "bob"));
        assertThat(ids("&status=OPEN")).isEmpty();
    }

    @Test
    void replayedByTwoAtOnceItIsOneRowAndOneDecision() throws Exception {
        send(event(1, "ann"));
        long id = theLetter();
        http.create(campaign, 5, "");

        Callable<Answer> one = () -> replay(id);
        List<Answer> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : threads.invokeAll(List.of(one, one))) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).allMatch(answer -> answer.status() == 200);
        assertThat(answers.get(0).response().body()).isEqualTo(answers.get(1).response().body());
        send(event(2, "bob"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(recorded()).containsExactly("ann", "bob"));
        assertThat(audited()).containsExactly("dead-letter.replayed");
        assertThat(ids("")).hasSize(1);
    }

    @Test
    void aReplayWhoseNoteWasLostMakesNoSecondRow() {
        String event = event(1, "ann");
        send(event);
        long id = theLetter();
        http.create(campaign, 5, "");
        // Kafka had it, and then the process died
        send(event);
        await().atMost(SOON).untilAsserted(() -> assertThat(recorded()).containsExactly("ann"));
        assertThat(values("", "status")).containsExactly("OPEN");

        assertThat(replay(id).status()).isEqualTo(200);
        send(event(2, "bob"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(recorded()).containsExactly("ann", "bob"));
        assertThat(ids("")).hasSize(1);
    }

    @Test
    void aDiscardIsRememberedAndNothingElseIsDecided() {
        send(event(1, "ann"));
        long id = theLetter();

        Answer first = discard(id, "Never sold");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.get("status")).isEqualTo("DISCARDED");
        assertThat(first.get("discardReason")).isEqualTo("Never sold");
        Answer again = discard(id, "Another reason");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.response().body()).isEqualTo(first.response().body());
        isProblem(replay(id), 409, "already-decided");
        assertThat(audited()).containsExactly("dead-letter.discarded");
        assertThat(
                        jdbc.sql(
                                        "SELECT before::text || after::text FROM audit_log WHERE subject = ?")
                                .param(campaign)
                                .query(String.class)
                                .single())
                .contains("\"serial\"", "Never sold")
                .doesNotContain("ann", "couponCode");
    }

    @Test
    void whatWasReplayedCannotBeDiscardedButReplayedAgainIsTheSame() {
        send(event(1, "ann"));
        long id = theLetter();
        http.create(campaign, 5, "");
        Answer first = replay(id);

        assertThat(replay(id).response().body()).isEqualTo(first.response().body());
        isProblem(discard(id, "A test"), 409, "already-decided");
        await().atMost(SOON).untilAsserted(() -> assertThat(recorded()).containsExactly("ann"));
    }

    @Test
    void problemsAreSaidInTheCallersLanguage() {
        String[] korean = {
            "X-User-Id", "ops", "X-User-Scopes", "coupon.admin", "Accept-Language", "ko"
        };
        send(event(1, "ann"));
        long id = theLetter();
        discard(id, "A test");
        String path = "/api/v1/admin/dead-letters/";

        Answer english = replay(id);
        assertThat(english.get("title")).isEqualTo("The dead letter was decided on otherwise.");
        assertThat(english.get("detail")).isEqualTo("The dead letter is DISCARDED.");
        Answer same = http.call("POST", path + id + "/replay", "", korean);
        assertThat(same.get("title")).isEqualTo("이 데드 레터는 이미 다르게 처리되었습니다.");
        assertThat(same.get("detail")).isEqualTo("이 데드 레터는 DISCARDED 상태입니다.");
        assertThat(http.call("GET", path + Long.MAX_VALUE, "", korean).get("title"))
                .isEqualTo("해당 데드 레터가 없습니다.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "9223372036854775807"})
    void aLetterThatIsNotThereIsUnknown(String id) {
        isProblem(http.admin("GET", "/dead-letters/" + id, ""), 404, "unknown-dead-letter");
        isProblem(
                http.admin("POST", "/dead-letters/" + id + "/replay", ""),
                404,
                "unknown-dead-letter");
        isProblem(
                http.admin("POST", "/dead-letters/" + id + "/discard", "{\"reason\":\"r\"}"),
                404,
                "unknown-dead-letter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"reason\":\" \"}", "{\"reason\":\"a\\u0000b\"}", "[]", "x"})
    void aDiscardThatMakesNoSenseIsRefused(String body) {
        isProblem(http.admin("POST", "/dead-letters/1/discard", body), 400, "invalid-request");
        isProblem(
                http.admin("POST", "/dead-letters/x/discard", "{\"reason\":\"r\"}"),
                400,
                "invalid-request");
    }

    @Test
    void onlyOperatorsSeeThem() {
        for (String path : List.of("", "/1", "/1/replay", "/1/discard")) {
            isProblem(
                    http.call("GET", "/api/v1/admin/dead-letters" + path, "", "X-User-Id", "ann"),
                    403,
                    "forbidden");
        }
    }

    @Test
    void aLateLetterCannotBeReplayedWhereNothingCanBeRebuilt() {
        http.create(campaign, 5, ""); // it was never armed
        endTheFirstEpoch();
        send(event(1, "late"));
        isProblem(replay(theLetter()), 409, "conflict");
        assertThat(values("", "status")).containsExactly("OPEN");
        assertThat(audited()).isEmpty();
    }

    private Answer claim(String member) {
        Answer answer = http.claim(campaign, member);
        assertThat(answer.status()).as(answer.response().body()).isLessThan(500);
        return answer;
    }

    @Test
    void aLateLetterIsReplayedByARebuild() {
        http.open(campaign, 5);
        claim("ann");
        await().atMost(SOON).untilAsserted(() -> assertThat(recorded()).containsExactly("ann"));
        rebuilds.suspend(new CampaignId(campaign));
        await().atMost(SOON).untilAsserted(() -> claim("ann"));
        send(event(2, "late", 1)); // from before that, and Redis knows nothing of it
        long id = theLetter();
        assertThat(values("", "reason")).containsExactly("LATE");

        assertThat(replay(id).status()).isEqualTo(202);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(recorded()).containsExactly("ann", "late"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(values("", "status")).containsExactly("REPLAYED"));
        assertThat(audited())
                .containsExactly("dead-letter.replay-requested", "dead-letter.replayed");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(claim("late").get("status")).isEqualTo("ALREADY_ISSUED"));
        assertThat(claim("bob").json().path("serial").asLong()).isEqualTo(3);
    }

    @Test
    void aRebuildFindsWhatIsOpenAndReadable() {
        http.create(campaign, 5, "");
        List<String> events = IntStream.rangeClosed(6, 9).mapToObj(n -> event(n, "m" + n)).toList();
        events.forEach(this::send);
        send("{\"campaignId\":\"" + campaign + "\"}");
        await().atMost(SOON).untilAsserted(() -> assertThat(ids("")).hasSize(5));
        discard(ids("").get(2), "A test");
        var id = new CampaignId(campaign);

        List<OpenLetter> first = letters.open(id, 0, 2);
        List<OpenLetter> rest = letters.open(id, first.getLast().id(), 2);
        assertThat(first.stream().map(OpenLetter::coupon).map(IssuedCoupon::serial))
                .containsExactly(6L, 7L);
        assertThat(rest.stream().map(OpenLetter::coupon).map(IssuedCoupon::serial))
                .containsExactly(9L);
        assertThat(events.getFirst())
                .contains(
                        first.getFirst().coupon().code().value(),
                        Long.toString(first.getFirst().coupon().issuedAt().toEpochMilli()));

        letters.markReplayed(ids("").subList(0, 3));
        assertThat(values("", "status"))
                .containsExactly("REPLAYED", "REPLAYED", "DISCARDED", "OPEN", "OPEN");
        assertThat(values("&status=REPLAYED", "decidedBy")).containsOnly("the service");
        assertThat(letters.open(id, 0, 10)).hasSize(1);
    }

    private double gauge() {
        return meters.get("coupon.dead.letters").gauge().value();
    }

    @Test
    void theGaugeShowsHowManyAreOpen() {
        send(event(1, "ann"));
        long id = theLetter();
        await().atMost(SOON).untilAsserted(() -> assertThat(gauge()).isEqualTo(open()));
        double before = gauge();

        discard(id, "A test");
        await().atMost(SOON).untilAsserted(() -> assertThat(gauge()).isEqualTo(before - 1));
        assertThat(meters.find("coupon.dead.letters").gauges()).hasSize(1);
        assertThat(meters.find("coupon.dead.letters").gauge()).isInstanceOf(Gauge.class);
    }

    private double open() {
        return jdbc.sql("SELECT count(*) FROM dead_letters WHERE status = 'OPEN'")
                .query(Long.class)
                .single();
    }

    private double retries() {
        return meters.find("coupon.ledger.retries").tag("topic", DEAD).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void aDatabaseThatIsAwayDelaysThemAndMakesNoOthers() {
        double before = retries();
        jdbc.sql("ALTER TABLE dead_letters RENAME TO dead_letters_away").update();
        try {
            send(event(1, "ann"));
            await().atMost(SOON).until(() -> retries() >= before + 2);
        } finally {
            jdbc.sql("ALTER TABLE dead_letters_away RENAME TO dead_letters").update();
        }

        theLetter();
        assertThat(
                        jdbc.sql("SELECT count(*) FROM dead_letters WHERE topic LIKE '%-dlt-dlt'")
                                .query(Long.class)
                                .single())
                .isZero();
    }
}
