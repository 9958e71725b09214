package com.coupon.issuance.adapter.out.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.coupon.Campaigns;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.domain.Winner;
import com.coupon.issuance.port.in.InspectCampaign.Entry;
import com.coupon.issuance.port.in.InspectCampaign.Holding;
import com.coupon.issuance.port.in.InspectCampaign.Republication;
import com.coupon.issuance.port.in.InspectCampaign.Restoration;
import com.coupon.issuance.port.in.InspectCampaign.WinnerPage;
import com.coupon.issuance.port.out.CampaignInspection.Counters;
import com.coupon.issuance.port.out.CouponStock.Decision;
import com.coupon.servers.RunningServers;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.XAddParams;

/** What a comparison with the ledger sees in Redis and what it mends there, on a real server. */
class InspectionScriptsIT {

    private static final Instant LATER = Instant.parse("2999-01-01T00:00:00Z");
    private static final CouponCode OTHER_CODE = new CouponCode("00112233445566778899");

    private final RedisAdapters redis = RedisAdapters.standalone(RunningServers.get().redis(), 0);
    private final Jedis jedis = new Jedis(HostAndPort.from(RunningServers.get().redis()));

    @AfterEach
    void close() {
        redis.close();
        jedis.close();
    }

    private Campaign draft(long quantity) {
        Campaign draft = Campaigns.draft(Campaigns.newId(), quantity);
        redis.arming.arm(draft);
        // so that no sweep and no rebuild of a running process touches it
        jedis.srem(CampaignKeys.CAMPAIGNS, draft.id().value());
        return draft;
    }

    private Campaign open(long quantity) {
        Campaign draft = draft(quantity);
        redis.arming.change(draft.published());
        return draft.published();
    }

    private Campaign archive(Campaign campaign, Instant retainedUntil) {
        drain(campaign);
        redis.arming.change(campaign.closed());
        Campaign archived = campaign.closed().archived(retainedUntil);
        redis.arming.change(archived);
        return archived;
    }

    private void drain(Campaign campaign) {
        redis.outbox.remove(
                campaign.id(), redis.outbox.waiting(campaign.id(), "", Duration.ZERO, 10_000));
    }

    private List<ClaimResult> claim(Campaign campaign, String... members) {
        try (var decision = decide(campaign, members)) {
            return decision.results();
        }
    }

    private Decision decide(Campaign campaign, String... members) {
        return redis.stock.decide(
                new ClaimBatch(
                        campaign.id(),
                        Question.CLAIM,
                        Stream.of(members).map(MemberId::new).toList(),
                        Confirmed.EVERYTHING,
                        Watermark.NONE));
    }

    private IssuedCoupon win(Campaign campaign, String member) {
        return ((ClaimResult.Issued) claim(campaign, member).getFirst()).coupon();
    }

    private static CampaignKeys keys(Campaign campaign) {
        return CampaignKeys.of(campaign.id());
    }

    /** All bytes of the campaign. */
    private List<String> bytes(Campaign campaign) {
        return keys(campaign).all().stream()
                .map(key -> jedis.exists(key) ? HexFormat.of().formatHex(jedis.dump(key)) : "none")
                .toList();
    }

    private static void assertRecovering(Runnable call) {
        assertThatExceptionOfType(IssuanceUnavailableException.class)
                .isThrownBy(call::run)
                .extracting(IssuanceUnavailableException::reason)
                .isEqualTo(Reason.RECOVERING);
    }

    @Test
    void aCampaignIsToldAsItStandsAndNothingIsWritten() {
        Campaign campaign = open(5);
        claim(campaign, "ann", "bob");
        long generation = Long.parseLong(jedis.hget(keys(campaign).campaign(), "generation"));
        List<String> before = bytes(campaign);

        Counters counters = redis.inspection.counters(campaign.id());

        assertThat(counters)
                .usingRecursiveComparison()
                .ignoringFields("readAt")
                .isEqualTo(
                        new Counters(
                                false,
                                campaign.version(),
                                5,
                                0,
                                2,
                                3,
                                2,
                                2,
                                generation,
                                1,
                                Instant.EPOCH));
        assertThat(counters.readAt().getEpochSecond())
                .isCloseTo(
                        Long.parseLong(jedis.time().getFirst()),
                        org.assertj.core.data.Offset.offset(10L));
        assertThat(bytes(campaign)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    field    , value , quantity , returned , issued , remaining
                    stock    ,    44 ,        5 ,        0 ,      2 ,        44
                    stock    ,    -1 ,        5 ,        0 ,      2 ,        -1
                    issued   ,     9 ,        5 ,        0 ,      9 ,         3
                    quantity ,     1 ,        1 ,        0 ,      2 ,         3
                    returned ,     7 ,        5 ,        7 ,      2 ,         3
                    """)
    void whatContradictsItselfIsToldAsItIs(
            String field, String value, long quantity, long returned, long issued, long remaining) {
        Campaign campaign = open(5);
        claim(campaign, "ann", "bob");
        if (field.equals("stock")) {
            jedis.set(keys(campaign).stock(), value);
        } else {
            jedis.hset(keys(campaign).campaign(), field, value);
        }

        Counters counters = redis.inspection.counters(campaign.id());

        assertThat(
                        List.of(
                                counters.quantity(),
                                counters.returned(),
                                counters.issued(),
                                counters.remaining(),
                                counters.winners()))
                .containsExactly(quantity, returned, issued, remaining, 2L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state",
                "home",
                "version",
                "quantity",
                "returned",
                "issued",
                "generation",
                "epoch",
                "retainedUntil"
            })
    void aCampaignThatLacksAFieldOrCannotReadItIsRecovering(String field) {
        Campaign campaign = open(5);
        String key = keys(campaign).campaign();
        redis.inspection.counters(campaign.id());

        jedis.hset(key, field, "1e3");
        assertRecovering(() -> redis.inspection.counters(campaign.id()));
        jedis.hdel(key, field);
        assertRecovering(() -> redis.inspection.counters(campaign.id()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aCampaignThatLacksAKeyOrHasAnotherThereIsRecovering(int index) {
        Campaign campaign = open(5);
        String key = keys(campaign).all().get(index);

        jedis.del(key);
        assertRecovering(() -> redis.inspection.counters(campaign.id()));
        jedis.lpush(key, "nothing of ours");
        assertRecovering(() -> redis.inspection.counters(campaign.id()));
    }

    @Test
    void participantsWithoutTheirMarkerAreRecovering() {
        Campaign campaign = open(5);
        IssuedCoupon ann = win(campaign, "ann");
        jedis.hdel(keys(campaign).participants(), "");

        assertRecovering(() -> redis.inspection.counters(campaign.id()));
        assertRecovering(() -> redis.inspection.restore(new Winner(ann, false)));
        assertRecovering(() -> redis.inspection.republish(ann));
    }

    @ParameterizedTest
    @CsvSource({"state, RECOVERING", "home, 0000000000000000000000000000000000000000"})
    void aCampaignThatIsSuspendedOrAtHomeElsewhereIsRecoveringAndNotMended(
            String field, String value) {
        Campaign campaign = open(5);
        IssuedCoupon ann = win(campaign, "ann");
        jedis.hset(keys(campaign).campaign(), field, value);
        jedis.hdel(keys(campaign).participants(), "bob");
        List<String> before = bytes(campaign);

        assertRecovering(() -> redis.inspection.counters(campaign.id()));
        assertRecovering(() -> redis.inspection.republish(ann));
        jedis.hdel(keys(campaign).participants(), "ann");
        assertRecovering(() -> redis.inspection.restore(new Winner(ann, false)));
        jedis.hset(keys(campaign).participants(), "ann", WinnerRecord.of(new Winner(ann, false)));
        assertThat(bytes(campaign)).isEqualTo(before);
    }

    @Test
    void aDraftIsNotMended() {
        Campaign draft = draft(5);
        var coupon =
                new IssuedCoupon(draft.id(), new MemberId("ann"), 1, OTHER_CODE, Instant.EPOCH, 1);

        assertRecovering(() -> redis.inspection.restore(new Winner(coupon, false)));
        assertRecovering(() -> redis.inspection.republish(coupon));
    }

    @Test
    void anArchivedCampaignHasItsWinnersUntilItForgetsThem() {
        Campaign campaign = open(5);
        IssuedCoupon ann = win(campaign, "ann");
        win(campaign, "bob");
        archive(campaign, LATER);

        Counters archived = redis.inspection.counters(campaign.id());
        assertThat(archived.archived()).isTrue();
        assertThat(List.of(archived.winners(), archived.waiting(), archived.remaining()))
                .containsExactly(2L, 0L, 3L);
        assertThat(redis.inspection.waiting(campaign.id(), "", 10).entries()).isEmpty();
        assertThat(redis.inspection.republish(ann)).isEqualTo(Republication.CHANGED);
        jedis.hdel(keys(campaign).participants(), "ann");
        assertThat(redis.inspection.restore(new Winner(ann, false)))
                .isEqualTo(Restoration.RESTORED);

        jedis.hset(keys(campaign).campaign(), "retainedUntil", "1");
        assertThat(redis.inspection.restore(new Winner(ann, false)))
                .isEqualTo(Restoration.FORGOTTEN);
        jedis.del(keys(campaign).participants());
        assertThat(redis.inspection.counters(campaign.id()).winners()).isZero();
        assertThat(redis.inspection.winners(campaign.id(), "", 10))
                .isEqualTo(new WinnerPage(List.of(), List.of(), ""));
        assertThat(redis.inspection.restore(new Winner(ann, false)))
                .isEqualTo(Restoration.FORGOTTEN);
        assertThat(jedis.exists(keys(campaign).participants())).isFalse();
    }

    @Test
    void everyWinnerIsOnSomePageWithWhatCannotBeReadBesideThem() {
        Campaign campaign = open(3_000);
        Map<MemberId, Holding> won = new HashMap<>();
        for (int first = 0; first < 3_000; first += 1_000) {
            String[] members =
                    IntStream.range(first, first + 1_000)
                            .mapToObj(number -> "m" + number)
                            .toArray(String[]::new);
            for (ClaimResult result : claim(campaign, members)) {
                var coupon = ((ClaimResult.Issued) result).coupon();
                won.put(coupon.member(), new Holding(coupon, false));
            }
        }
        Holding revoked = Objects.requireNonNull(won.get(new MemberId("m7")));
        redis.participants.revoke(revoked.coupon());
        won.put(new MemberId("m7"), new Holding(revoked.coupon(), true));
        jedis.hset(
                keys(campaign).participants(),
                Map.of("m8", "8:short", "no member", "1:" + OTHER_CODE.value() + ":1:1:ISSUED"));
        won.remove(new MemberId("m8"));

        List<WinnerPage> pages = pages(campaign, 500);

        assertThat(pages).hasSizeGreaterThan(1);
        Map<MemberId, Holding> found = new HashMap<>();
        pages.forEach(page ->
                page.winners().forEach(winner -> found.put(winner.coupon().member(), winner)));
        assertThat(found).isEqualTo(won);
        assertThat(pages.stream().flatMap(page -> page.unreadable().stream()).distinct())
                .containsExactlyInAnyOrder("m8", "no member");
    }

    private List<WinnerPage> pages(Campaign campaign, int limit) {
        List<WinnerPage> pages = new ArrayList<>();
        String cursor = "";
        do {
            pages.add(redis.inspection.winners(campaign.id(), cursor, limit));
            cursor = pages.getLast().cursor();
        } while (!cursor.isEmpty());
        return pages;
    }

    @Test
    void whoIsThereFromTheFirstPageToTheLastIsFoundThoughTheWinnersGrowMeanwhile() {
        Campaign campaign = open(8_000);
        claim(campaign, names(0, 1_000));
        List<String> found = new ArrayList<>();
        String cursor = "";
        int next = 1_000;
        do {
            WinnerPage page = redis.inspection.winners(campaign.id(), cursor, 50);
            page.winners().forEach(winner -> found.add(winner.coupon().member().value()));
            cursor = page.cursor();
            if (next < 8_000) {
                claim(campaign, names(next, next + 500));
                next += 500;
            }
        } while (!cursor.isEmpty());

        assertThat(found).contains(names(0, 1_000));
    }

    private static String[] names(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "n" + number).toArray(String[]::new);
    }

    @Test
    void ofTheMembersAskedForThoseWhoWonAreTold() {
        Campaign campaign = open(5);
        IssuedCoupon ann = win(campaign, "ann");
        IssuedCoupon bob = win(campaign, "bob");
        redis.participants.revoke(bob);
        jedis.hset(keys(campaign).participants(), "cid", "nothing that could be read");
        List<MemberId> members =
                Stream.of("ann", "bob", "cid", "dan", "ann").map(MemberId::new).toList();

        assertThat(redis.inspection.winners(campaign.id(), members))
                .isEqualTo(
                        Map.of(
                                ann.member(), new Holding(ann, false),
                                bob.member(), new Holding(bob, true)));
        assertThat(redis.inspection.winners(campaign.id(), List.of())).isEmpty();
    }

    @Test
    void entriesAreReadPageByPageAlsoThoseThatCannotBeRead() {
        Campaign campaign = open(5);
        IssuedCoupon ann = win(campaign, "ann");
        String damaged =
                jedis.xadd(
                                keys(campaign).outbox(),
                                XAddParams.xAddParams(),
                                Map.of("member", "bob", "serial", "x"))
                        .toString();
        IssuedCoupon cid = win(campaign, "cid");

        var first = redis.inspection.waiting(campaign.id(), "", 2);
        var second = redis.inspection.waiting(campaign.id(), first.last(), 2);

        assertThat(first.entries()).extracting(Entry::coupon).containsExactly(ann, absent());
        assertThat(first.last()).isEqualTo(damaged).isEqualTo(first.entries().getLast().id());
        assertThat(second.entries()).extracting(Entry::coupon).containsExactly(cid);
        assertThat(redis.inspection.waiting(campaign.id(), second.last(), 2))
                .satisfies(
                        last -> assertThat(last.entries()).isEmpty(),
                        last -> assertThat(last.last()).isEmpty());
    }

    @SuppressWarnings("NullAway") // what an assertion is compared with
    private static @Nullable IssuedCoupon absent() {
        return null;
    }

    /** Ann has serial 2 of 3; what is stored of her is changed, and then she is given back. */
    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            nullValues = "-",
            textBlock =
                    """
                    state     , stored      , serial , revoked , expected
                    PUBLISHED , -           , 2      , false   , RESTORED
                    PAUSED    , -           , 2      , true    , RESTORED
                    CLOSED    , -           , 2      , false   , RESTORED
                    PUBLISHED , ISSUED      , 2      , false   , PRESENT
                    PUBLISHED , ISSUED      , 2      , true    , PRESENT
                    PUBLISHED , REVOKED     , 2      , false   , PRESENT
                    PUBLISHED , other serial, 2      , false   , ANOTHER
                    PUBLISHED , other code  , 2      , false   , ANOTHER
                    PUBLISHED , unreadable  , 2      , false   , ANOTHER
                    PUBLISHED , -           , 3      , false   , RESTORED
                    PUBLISHED , -           , 4      , false   , AHEAD
                    PUBLISHED , ISSUED      , 4      , false   , AHEAD
                    """)
    void aWinnerIsGivenBackExactlyWhereNothingIsThere(
            String state,
            @Nullable String stored,
            long serial,
            boolean revoked,
            Restoration expected) {
        Campaign campaign = open(5);
        win(campaign, "bob");
        IssuedCoupon won = win(campaign, "ann");
        win(campaign, "cid");
        CampaignKeys keys = keys(campaign);
        jedis.hset(keys.campaign(), "state", state);
        if (stored == null) {
            jedis.hdel(keys.participants(), "ann");
        } else {
            jedis.hset(keys.participants(), "ann", stored(stored, won));
        }
        long generation = Long.parseLong(jedis.hget(keys.campaign(), "generation"));
        List<String> before = bytes(campaign);
        Winner winner =
                new Winner(
                        new IssuedCoupon(
                                won.campaign(),
                                won.member(),
                                serial,
                                won.code(),
                                won.issuedAt(),
                                won.epoch()),
                        revoked);

        assertThat(redis.inspection.restore(winner)).isEqualTo(expected);

        if (expected == Restoration.RESTORED) {
            assertThat(redis.inspection.winners(campaign.id(), List.of(won.member())))
                    .containsEntry(won.member(), new Holding(winner.coupon(), revoked));
            assertThat(jedis.hget(keys.campaign(), "generation"))
                    .isEqualTo(Long.toString(generation + 1));
            List<String> restored = bytes(campaign);
            assertThat(restored.get(1)).as("the stock").isEqualTo(before.get(1));
            assertThat(restored.get(3)).as("the outbox").isEqualTo(before.get(3));
            assertThat(redis.inspection.restore(winner)).isEqualTo(Restoration.PRESENT);
            assertThat(bytes(campaign)).isEqualTo(restored);
        } else {
            assertThat(bytes(campaign)).isEqualTo(before);
        }
    }

    private static String stored(String kind, IssuedCoupon won) {
        String record = WinnerRecord.of(new Winner(won, kind.equals("REVOKED")));
        return switch (kind) {
            case "ISSUED", "REVOKED" -> record;
            case "other serial" -> record.replaceFirst("^\\d+", "1");
            case "other code" -> record.replace(won.code().value(), OTHER_CODE.value());
            case "unreadable" -> record.replace("ISSUED", "LOST");
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @Test
    void whoWasGivenBackHearsOfThatCouponAgain() {
        Campaign campaign = open(5);
        IssuedCoupon ann = win(campaign, "ann");
        IssuedCoupon bob = win(campaign, "bob");
        jedis.hdel(keys(campaign).participants(), "ann", "bob");

        redis.inspection.restore(new Winner(ann, false));
        redis.inspection.restore(new Winner(bob, true));

        assertThat(claim(campaign, "ann", "bob"))
                .containsExactly(new ClaimResult.AlreadyIssued(ann), new ClaimResult.Revoked());
    }

    @Test
    void givingBackNextToClaimsLosesNeither() {
        Campaign campaign = open(3_000);
        List<IssuedCoupon> first =
                claim(campaign, names(0, 1_000)).stream()
                        .map(result -> ((ClaimResult.Issued) result).coupon())
                        .toList();
        jedis.hdel(keys(campaign).participants(), names(0, 500));
        Map<MemberId, IssuedCoupon> wonMeanwhile = new ConcurrentHashMap<>();
        Map<MemberId, Restoration> restored = new HashMap<>();

        // the lost ones claim, too, from the other end, among newcomers
        var claims =
                CompletableFuture.runAsync(() -> {
                    for (int i = 499; i >= 0; i -= 5) {
                        List<String> batch = new ArrayList<>(List.of(names(i - 4, i + 1)));
                        Collections.addAll(batch, names(1_000 + 2 * i, 1_010 + 2 * i));
                        for (ClaimResult result : claim(campaign, batch.toArray(String[]::new))) {
                            if (result instanceof ClaimResult.Issued(var coupon)) {
                                wonMeanwhile.put(coupon.member(), coupon);
                            }
                        }
                    }
                });
        for (IssuedCoupon coupon : first.subList(0, 500)) {
            restored.put(coupon.member(), redis.inspection.restore(new Winner(coupon, false)));
        }
        claims.join();

        Map<MemberId, IssuedCoupon> expected = new HashMap<>();
        first.forEach(coupon -> expected.put(coupon.member(), coupon));
        expected.putAll(wonMeanwhile);
        Map<MemberId, IssuedCoupon> held = new HashMap<>();
        pages(campaign, 500)
                .forEach(page ->
                        page.winners()
                                .forEach(winner ->
                                        held.put(winner.coupon().member(), winner.coupon())));
        assertThat(held).isEqualTo(expected);
        assertThat(restored.values())
                .containsOnly(Restoration.RESTORED, Restoration.ANOTHER)
                .contains(Restoration.RESTORED);
        restored.forEach((member, outcome) ->
                assertThat(outcome == Restoration.ANOTHER)
                        .isEqualTo(wonMeanwhile.containsKey(member)));
        Counters counters = redis.inspection.counters(campaign.id());
        assertThat(counters.issued()).isEqualTo(1_000 + wonMeanwhile.size());
        assertThat(counters.remaining()).isEqualTo(3_000 - counters.issued());
        assertThat(counters.waiting()).isEqualTo(counters.issued());
    }

    @Test
    void aCouponIsPublishedOnceMoreUnderThePresentEpoch() {
        Campaign campaign = open(5);
        IssuedCoupon ann = win(campaign, "ann");
        String outbox = keys(campaign).outbox();
        var written = jedis.xrange(outbox, "-", "+").getFirst().getFields();
        drain(campaign);
        jedis.hset(keys(campaign).campaign(), "epoch", "4");
        String participants = HexFormat.of().formatHex(jedis.dump(keys(campaign).participants()));

        assertThat(redis.inspection.republish(ann)).isEqualTo(Republication.APPENDED);
        assertThat(redis.inspection.republish(ann)).isEqualTo(Republication.APPENDED);

        var expected = new HashMap<>(written);
        expected.put("epoch", "4");
        assertThat(jedis.xrange(outbox, "-", "+"))
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry.getFields()).isEqualTo(expected));
        assertThat(HexFormat.of().formatHex(jedis.dump(keys(campaign).participants())))
                .isEqualTo(participants);
        List<OutboxEntry> waiting = redis.outbox.waiting(campaign.id(), "", Duration.ZERO, 10);
        assertThat(waiting).extracting(OutboxEntry::coupon).containsOnly(ann.withEpoch(4));
        redis.outbox.remove(campaign.id(), waiting);
        assertThat(jedis.xlen(outbox)).as("the relay can take it away").isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"REVOKED", "other serial", "other code", "unreadable", "absent"})
    void aCouponThatIsNotItsWinnersAnyMoreIsNotPublished(String stored) {
        Campaign campaign = open(5);
        win(campaign, "bob");
        IssuedCoupon ann = win(campaign, "ann");
        String participants = keys(campaign).participants();
        if (stored.equals("absent")) {
            jedis.hdel(participants, "ann");
        } else {
            jedis.hset(participants, "ann", stored(stored, ann));
        }
        List<String> before = bytes(campaign);

        assertThat(redis.inspection.republish(ann)).isEqualTo(Republication.CHANGED);

        assertThat(bytes(campaign)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"outbox", "outbox of another type", "issued", "epoch"})
    void nothingIsPublishedFromWhatIsDamaged(String damage) {
        Campaign campaign = open(5);
        win(campaign, "bob");
        IssuedCoupon ann = win(campaign, "ann");
        CampaignKeys keys = keys(campaign);
        switch (damage) {
            case "outbox" -> jedis.del(keys.outbox());
            case "outbox of another type" -> {
                jedis.del(keys.outbox());
                jedis.lpush(keys.outbox(), "nothing of ours");
            }
            // whoever wins next has this serial, too
            case "issued" -> jedis.hset(keys.campaign(), "issued", "1");
            default -> jedis.hdel(keys.campaign(), "epoch");
        }
        List<String> before = bytes(campaign);

        assertRecovering(() -> redis.inspection.republish(ann));

        assertThat(bytes(campaign)).isEqualTo(before);
    }

    @Test
    void whatWaitsOnceMoreIsNotToldToBePublishedThoughAHigherSerialIsOlder() {
        Campaign campaign = open(9);
        IssuedCoupon ann = win(campaign, "ann");
        IssuedCoupon bob = win(campaign, "bob");
        IssuedCoupon cid = win(campaign, "cid");
        drain(campaign);
        try (var decision = decide(campaign, "ann")) {
            assertThat(decision.published()).isEqualTo(3);

            redis.inspection.republish(cid);
            assertThat(decision.published()).isEqualTo(2);
            redis.inspection.republish(bob);
            assertThat(decision.published()).as("bob waits behind cid").isEqualTo(1);
            redis.inspection.republish(ann);
            assertThat(decision.published()).as("ann waits behind both").isZero();
            redis.inspection.republish(cid);
            assertThat(decision.published()).as("the lowest counts").isZero();
        }

        drain(campaign);
        try (var decision = decide(campaign, "dan", "eve")) {
            assertThat(decision.published()).as("all is gone but dan and eve").isEqualTo(3);

            // behind dan, so that only what is left of it counts
            redis.inspection.republish(cid);
            assertThat(decision.published()).isEqualTo(2);
            List<OutboxEntry> waiting = redis.outbox.waiting(campaign.id(), "", Duration.ZERO, 10);
            redis.outbox.remove(campaign.id(), waiting.subList(0, 1));
            assertThat(decision.published()).as("dan is gone, cid waits").isEqualTo(2);
            redis.outbox.remove(campaign.id(), waiting.subList(2, 3));
            assertThat(decision.published())
                    .as("less than is true while eve's older entry waits")
                    .isEqualTo(2);
            redis.outbox.remove(campaign.id(), waiting.subList(1, 2));
            assertThat(decision.published()).isEqualTo(5);
        }
    }

    @Test
    void aNoteOfWhatWaitsThatCannotBeReadProvesNothing() {
        Campaign campaign = open(9);
        IssuedCoupon ann = win(campaign, "ann");
        IssuedCoupon bob = win(campaign, "bob");
        drain(campaign);
        redis.inspection.republish(bob);
        jedis.hset(keys(campaign).campaign(), "republished", "?");
        try (var decision = decide(campaign, "bob")) {
            assertThat(decision.published()).isZero();
            redis.inspection.republish(bob);
            assertThat(decision.published()).isZero();
            drain(campaign);
            redis.inspection.republish(bob);
            assertThat(decision.published()).isEqualTo(ann.serial());
        }
    }
}
