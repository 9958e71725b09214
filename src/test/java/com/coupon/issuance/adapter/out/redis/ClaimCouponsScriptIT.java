package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.list;
import static com.coupon.issuance.adapter.out.redis.RedisScript.number;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.coupon.Campaigns;
import com.coupon.issuance.domain.Watermark;
import com.coupon.servers.RunningServers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.XAddParams;

/** What {@code claim_coupons.lua} answers and what it writes, called as it is, on a real server. */
class ClaimCouponsScriptIT {

    private static final RedisScript SCRIPT = RedisScript.named("claim_coupons");
    private static final byte[] SEED =
            "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final String CONFIRMED_ALL = "9223372036854775807";
    private static final long HOUR = 3_600_000;

    private final CampaignKeys keys = CampaignKeys.of(Campaigns.newId());
    private Watermark seen = Watermark.NONE;
    private final Jedis redis = new Jedis(HostAndPort.from(RunningServers.get().redis()));

    @BeforeEach
    void armAnOpenCampaign() {
        arm("PUBLISHED", 5, 0, -HOUR, 0, "EVERYONE");
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private void arm(
            String state,
            long stock,
            long issued,
            long opensIn,
            long closesIn,
            String eligibility) {
        long now = Long.parseLong(redis.time().getFirst()) * 1000;
        keys.all().forEach(redis::del);
        redis.set(keys.stock(), Long.toString(stock));
        redis.hset(keys.participants(), "", "marker");
        redis.xdel(
                keys.outbox(),
                redis.xadd(keys.outbox(), XAddParams.xAddParams(), Map.of("marker", "")));
        redis.sadd(keys.eligible(), "", "ann");
        redis.hset(
                keys.campaign(),
                Map.ofEntries(
                        Map.entry("name", "A test"),
                        Map.entry("state", state),
                        Map.entry("quantity", Long.toString(stock + issued)),
                        Map.entry("returned", "0"),
                        Map.entry("issued", Long.toString(issued)),
                        Map.entry("opensAt", Long.toString(now + opensIn)),
                        Map.entry("closesAt", closesIn == 0 ? "0" : Long.toString(now + closesIn)),
                        Map.entry("eligibility", eligibility),
                        Map.entry("allowList", "0"),
                        Map.entry("retainedUntil", Long.toString(now + HOUR)),
                        Map.entry("version", "2"),
                        Map.entry("generation", "3"),
                        Map.entry("epoch", "1"),
                        Map.entry("home", replicationId()),
                        Map.entry("fence", "0"),
                        Map.entry("cut", "0")));
    }

    private String replicationId() {
        return redis.info("replication")
                .lines()
                .filter(line -> line.startsWith("master_replid:"))
                .map(line -> line.substring("master_replid:".length()).trim())
                .findFirst()
                .orElseThrow();
    }

    private List<Object> call(String mode, String confirmed, String... members) {
        return callFrom("*", mode, confirmed, members);
    }

    private List<Object> callFrom(String home, String mode, String confirmed, String... members) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(mode.getBytes(StandardCharsets.US_ASCII));
        arguments.add(SEED);
        arguments.add(confirmed.getBytes(StandardCharsets.US_ASCII));
        arguments.add(home.getBytes(StandardCharsets.US_ASCII));
        arguments.addAll(RedisScript.arguments(seen.epoch(), seen.issued()));
        Arrays.stream(members)
                .forEach(member -> arguments.add(member.getBytes(StandardCharsets.US_ASCII)));
        return list(SCRIPT.call(redis.getConnection(), keys.all(), arguments));
    }

    private List<Object> claim(String... members) {
        return call("claim", CONFIRMED_ALL, members);
    }

    /** The one answer, or what the whole reply says where it has none. */
    private static String answer(List<Object> reply) {
        if (!text(reply.getFirst()).equals("INTACT")) {
            return text(reply.getFirst());
        }
        Object first = list(reply.get(9)).getFirst();
        return first instanceof List<?> winner ? text(winner.getFirst()) : text(first);
    }

    /** All bytes of the campaign. */
    private List<String> bytes() {
        return keys.all().stream()
                .map(key -> redis.exists(key) ? HexFormat.of().formatHex(redis.dump(key)) : "none")
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    mode  , state     , window , stock , won     , eligible , expected
                    claim , DRAFT     , open   ,   5   , ISSUED  , yes      , UNKNOWN_CAMPAIGN
                    find  , DRAFT     , open   ,   5   ,         , yes      , UNKNOWN_CAMPAIGN
                    claim , ARCHIVED  , before ,   0   , ISSUED  , no       , ALREADY_ISSUED
                    claim , CLOSED    , before ,   0   , ISSUED  , no       , ALREADY_ISSUED
                    claim , PAUSED    , before ,   0   , ISSUED  , no       , ALREADY_ISSUED
                    claim , PUBLISHED , before ,   0   , ISSUED  , no       , ALREADY_ISSUED
                    claim , PUBLISHED , after  ,   0   , ISSUED  , no       , ALREADY_ISSUED
                    find  , PUBLISHED , after  ,   0   , ISSUED  , no       , ALREADY_ISSUED
                    claim , PUBLISHED , open   ,   5   , REVOKED , yes      , REVOKED
                    claim , ARCHIVED  , after  ,   0   , REVOKED , no       , REVOKED
                    find  , PUBLISHED , open   ,   5   ,         , yes      , NO_CLAIM
                    find  , ARCHIVED  , after  ,   0   ,         , no       , ARCHIVED
                    find  , ARCHIVED  , after  ,   0   , ISSUED  , no       , ALREADY_ISSUED
                    claim , ARCHIVED  , before ,   0   ,         , no       , ARCHIVED
                    claim , ARCHIVED  , after  ,   0   ,         , no       , ARCHIVED
                    claim , PUBLISHED , before ,   0   ,         , no       , NOT_OPEN_YET
                    claim , PAUSED    , before ,   0   ,         , no       , NOT_OPEN_YET
                    claim , CLOSED    , before ,   5   ,         , yes      , CLOSED
                    claim , PAUSED    , open   ,   0   ,         , no       , PAUSED
                    claim , PAUSED    , after  ,   0   ,         , no       , PAUSED
                    claim , CLOSED    , open   ,   0   ,         , no       , CLOSED
                    claim , PUBLISHED , after  ,   0   ,         , no       , CLOSED
                    claim , PUBLISHED , open   ,   0   ,         , no       , SOLD_OUT
                    claim , PUBLISHED , open   ,   5   ,         , no       , NOT_ELIGIBLE
                    claim , PUBLISHED , open   ,   5   ,         , yes      , ISSUED\
                    """)
    void whatWasWonBeforeIsToldBeforeWhatIsLeft(
            String mode,
            String state,
            String window,
            long stock,
            @Nullable String won,
            String eligible,
            String expected) {
        long opensIn = window.equals("before") ? HOUR : -2 * HOUR;
        arm(state, stock, 0, opensIn, window.equals("after") ? -HOUR : 3 * HOUR, "ALLOW_LIST");
        String member = eligible.equals("yes") ? "ann" : "bob";
        if (won != null) {
            redis.hset(
                    keys.participants(), member, "1:00112233445566778899:1700000000000:1:" + won);
        }
        List<String> before = bytes();

        assertThat(answer(call(mode, CONFIRMED_ALL, member))).isEqualTo(expected);

        if (!expected.equals("ISSUED")) {
            assertThat(bytes()).isEqualTo(before);
        }
    }

    @Test
    void aClockThatIsSetBackDoesNotCloseWhatHasBegun() {
        arm("PUBLISHED", 5, 1, HOUR, 0, "EVERYONE");

        assertThat(answer(claim("ann"))).isEqualTo("ISSUED");
    }

    @Test
    void anIssuedCouponIsWrittenEverywhereAtOnce() {
        List<Object> reply = claim("ann");

        List<Object> answer = list(list(reply.get(9)).getFirst());
        String code = text(answer.get(2));
        String issuedAt = text(answer.get(3));
        assertThat(text(answer.get(1))).isEqualTo("1");
        assertThat(code).matches("[0-9a-f]{20}");
        assertThat(redis.hget(keys.participants(), "ann"))
                .isEqualTo("1:%s:%s:1:ISSUED".formatted(code, issuedAt));
        assertThat(redis.get(keys.stock())).isEqualTo("4");
        assertThat(redis.hget(keys.campaign(), "issued")).isEqualTo("1");
        assertThat(redis.xrange(keys.outbox(), "-", "+"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.getID()).hasToString(text(answer.get(5)));
                    assertThat(entry.getFields())
                            .containsOnly(
                                    Map.entry("member", "ann"),
                                    Map.entry("serial", "1"),
                                    Map.entry("code", code),
                                    Map.entry("issuedAt", issuedAt),
                                    Map.entry("epoch", "1"));
                });
        assertThat(reply.subList(1, 5)).containsExactly(4L, 1L, 3L, 1L);
    }

    @Test
    void codesDependOnTheSeed() {
        String code = text(list(list(claim("ann").get(9)).getFirst()).get(2));
        SEED[0]++;
        armAnOpenCampaign();

        assertThat(text(list(list(claim("ann").get(9)).getFirst()).get(2))).isNotEqualTo(code);
    }

    @Test
    void aThousandMembersAreTheLargestBatch() {
        arm("PUBLISHED", 2_000, 0, -HOUR, 0, "EVERYONE");
        String[] members = new String[1_001];
        Arrays.setAll(members, number -> "m" + number);

        List<Object> answers = list(claim(Arrays.copyOf(members, 1_000)).get(9));

        assertThat(text(list(answers.getLast()).get(1))).isEqualTo("1000");
        assertThat(redis.hlen(keys.participants())).isEqualTo(1_001);
        assertThat(redis.xlen(keys.outbox())).isEqualTo(1_000);
        assertThatThrownBy(() -> claim(members)).isInstanceOf(JedisDataException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state",
                "quantity",
                "returned",
                "issued",
                "opensAt",
                "closesAt",
                "eligibility",
                "generation",
                "epoch",
                "retainedUntil",
                "home",
                "cut"
            })
    void aFieldThatIsMissingIsDamageAndSuspendsTheCampaign(String field) {
        redis.hdel(keys.campaign(), field);

        assertThat(answer(claim("ann"))).isEqualTo("RECOVERING");
        isSuspended();
    }

    /** And nothing was issued. */
    private void isSuspended() {
        assertThat(redis.hget(keys.campaign(), "state")).isEqualTo("RECOVERING");
        assertThat(redis.hget(keys.campaign(), "fence")).isEqualTo(Long.toString(seen.issued()));
        if (redis.exists(keys.outbox())) {
            assertThat(redis.xlen(keys.outbox())).isZero();
        }
        List<String> before = bytes();
        assertThat(answer(claim("ann"))).isEqualTo("RECOVERING");
        assertThat(answer(call("find", CONFIRMED_ALL, "bob"))).isEqualTo("RECOVERING");
        assertThat(bytes()).as("it is written once").isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void aKeyThatIsMissingIsDamageAndSuspendsTheCampaign(int index) {
        arm("PUBLISHED", 5, 0, -HOUR, 0, "ALLOW_LIST");
        redis.del(keys.all().get(index));

        assertThat(answer(claim("ann"))).isEqualTo("RECOVERING");
        isSuspended();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void aKeyThatHoldsSomethingElseIsDamageAndSuspendsTheCampaign(int index) {
        arm("PUBLISHED", 5, 0, -HOUR, 0, "ALLOW_LIST");
        redis.del(keys.all().get(index));
        redis.lpush(keys.all().get(index), "nothing of ours");

        assertThat(answer(claim("ann"))).isEqualTo("RECOVERING");
        if (index != 3) {
            isSuspended();
        }
    }

    @Test
    void whereNothingIsLeftOnlyWhoHasSeenTheCampaignKnowsThatItWasThere() {
        redis.del(keys.campaign());
        assertThat(answer(claim("ann"))).isEqualTo("ABSENT");
        assertThat(redis.exists(keys.campaign())).isFalse();

        seen = new Watermark(1, 4);
        assertThat(answer(claim("ann"))).isEqualTo("RECOVERING");
        isSuspended();
    }

    @Test
    void aCampaignIsAtHomeOnOneServer() {
        redis.hset(keys.campaign(), "home", "0".repeat(40));

        assertThat(answer(claim("ann"))).isEqualTo("RECOVERING");
        isSuspended();
    }

    @Test
    void aDraftHasNothingToLoseAndIsAtHomeAnywhere() {
        arm("DRAFT", 5, 0, -HOUR, 0, "EVERYONE");
        redis.hset(keys.campaign(), "home", "0".repeat(40));

        assertThat(answer(claim("ann"))).isEqualTo("UNKNOWN_CAMPAIGN");
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    epoch , issued , expected
                      0   ,   0    , ISSUED
                      1   ,   0    , ISSUED
                      1   ,   2    , ISSUED
                      1   ,   3    , RECOVERING
                      0   ,   9    , ISSUED
                      2   ,   0    , RECOVERING\
                    """)
    void aCampaignThatIsBehindWhatTheCallerHasSeenIsSuspended(
            long epoch, long issued, String expected) {
        arm("PUBLISHED", 5, 2, -HOUR, 0, "EVERYONE");
        seen = new Watermark(epoch, issued);

        assertThat(answer(claim("ann"))).isEqualTo(expected);
        if (expected.equals("RECOVERING")) {
            isSuspended();
        }
    }

    @Test
    void whatWasSeenInAnEpochThatIsOverIsNoFence() {
        redis.hset(keys.campaign(), "epoch", "2");
        redis.del(keys.stock());
        seen = new Watermark(1, 7);
        claim("ann");

        assertThat(redis.hget(keys.campaign(), "fence")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1:short",
                "1:0011:1700000000000:1:ISSUED",
                "1:00112233445566778899:1700000000000:1:GONE"
            })
    void aRecordThatIsNotAsItShouldBeSuspendsTheCampaign(String record) {
        redis.hset(keys.participants(), "ann", record);

        assertThat(answer(claim("ann"))).isEqualTo("RECOVERING");
        isSuspended();
    }

    @Test
    void theFenceNeverSinks() {
        redis.del(keys.stock());
        seen = new Watermark(1, 7);
        claim("ann");
        seen = new Watermark(1, 3);
        claim("ann");
        assertThat(redis.hget(keys.campaign(), "fence")).isEqualTo("7");
        seen = new Watermark(1, 8);
        claim("ann");
        assertThat(redis.hget(keys.campaign(), "fence")).isEqualTo("8");
    }

    @Test
    void withoutMembersItOnlyLooks() {
        List<String> before = bytes();

        List<Object> reply = call("find", CONFIRMED_ALL);

        assertThat(text(reply.getFirst())).isEqualTo("INTACT");
        assertThat(list(reply.get(9))).isEmpty();
        assertThat(bytes()).isEqualTo(before);
    }

    @Test
    void anArchivedCampaignNeedsItsWinnersAloneAndNothingAfterItsRetention() {
        redis.hset(keys.participants(), "ann", "1:00112233445566778899:1700000000000:1:ISSUED");
        redis.hset(keys.campaign(), "state", "ARCHIVED");
        redis.del(keys.stock(), keys.outbox(), keys.eligible());

        assertThat(answer(claim("ann"))).isEqualTo("ALREADY_ISSUED");
        assertThat(answer(claim("bob"))).isEqualTo("ARCHIVED");

        redis.del(keys.participants());
        redis.hset(keys.campaign(), "retainedUntil", "1700000000000");
        assertThat(answer(claim("ann"))).isEqualTo("ARCHIVED");
        assertThat(answer(call("find", CONFIRMED_ALL, "ann"))).isEqualTo("ARCHIVED");
    }

    @Test
    void countersThatContradictEachOtherAreDamage() {
        redis.set(keys.stock(), "6");
        assertThat(answer(claim("ann"))).isEqualTo("RECOVERING");

        armAnOpenCampaign();
        redis.set(keys.stock(), "many");
        assertThat(answer(claim("ann"))).isEqualTo("RECOVERING");
    }

    @Test
    void aRecordThatCannotBeReadIsDamage() {
        redis.hset(keys.participants(), "bob", "1:short");

        assertThat(answer(claim("ann", "bob"))).isEqualTo("RECOVERING");
        assertThat(redis.xlen(keys.outbox())).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "confirm"})
    void argumentsThatMakeNoSenseAreRefusedBeforeAnythingIsWritten(String mode) {
        List<String> before = bytes();

        assertThatThrownBy(() -> call(mode, CONFIRMED_ALL, "ann"))
                .hasMessageContaining("bad arguments");
        assertThatThrownBy(() -> call("claim", "all", "ann")).hasMessageContaining("bad arguments");
        assertThatThrownBy(() -> claim("x".repeat(129))).hasMessageContaining("bad member");
        assertThatThrownBy(() -> claim("")).hasMessageContaining("bad member");
        assertThat(bytes()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    member , stock , confirmed , written
                    ann    ,   5   ,     0     , true
                    ann    ,   5   ,     1     , false
                    bob    ,   0   ,     0     , true
                    bob    ,   0   ,     1     , false\
                    """)
    void anAnswerThatRestsOnAnUnconfirmedSerialGivesWaitSomethingToWaitFor(
            String member, long stock, String confirmed, boolean written) {
        arm("PUBLISHED", stock, 1, -HOUR, 0, "EVERYONE");
        redis.hset(keys.participants(), "ann", "1:00112233445566778899:1700000000000:1:ISSUED");
        List<String> before = bytes();

        assertThat(writes(() -> call("claim", confirmed, member))).isEqualTo(written);
        assertThat(bytes()).isEqualTo(before);
    }

    @Test
    void whatAnotherServerHadReplicatedSaysNothingOfThisOne() {
        arm("PUBLISHED", 0, 1, -HOUR, 0, "EVERYONE");
        String home = text(claim("bob").get(7));
        assertThat(home).isEqualTo(replicationId() + "/1");

        assertThat(writes(() -> callFrom(home, "claim", "1", "bob"))).isFalse();
        String other = replicationId() + "/2";
        assertThat(writes(() -> callFrom(other, "claim", "1", "bob"))).isTrue();
    }

    @Test
    void whatIsInTheLedgerNeedsNoReplication() {
        arm("PUBLISHED", 0, 1, -HOUR, 0, "EVERYONE");
        redis.hset(keys.campaign(), "cut", "1");

        assertThat(writes(() -> callFrom("", "claim", "0", "bob"))).isFalse();
    }

    /**
     * Whether a call writes to a key of the campaign, be it the value that is there already: a
     * transaction that watches the keys then fails. A count of the server's writes would hold those
     * to other campaigns too.
     */
    private boolean writes(Runnable call) {
        try (var watcher = new Jedis(HostAndPort.from(RunningServers.get().redis()))) {
            watcher.watch(keys.campaign(), keys.stock(), keys.participants(), keys.outbox());
            call.run();
            Transaction unlessWritten = watcher.multi();
            unlessWritten.exists(keys.campaign());
            return unlessWritten.exec() == null;
        }
    }

    @Test
    void theTimeOfTheServerComesBackWithEveryAnswer() {
        long before = Long.parseLong(redis.time().getFirst()) * 1000;

        assertThat(number(claim("ann").get(5))).isGreaterThanOrEqualTo(before);
    }
}
