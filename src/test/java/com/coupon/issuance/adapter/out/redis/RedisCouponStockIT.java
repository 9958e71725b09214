package com.coupon.issuance.adapter.out.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.coupon.Campaigns;
import com.coupon.issuance.domain.AllowList;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.Confirmed;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.port.out.CampaignArming.Outcome;
import com.coupon.servers.RedisProcess;
import com.coupon.servers.RunningServers;
import com.coupon.shared.MemberId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** The contract on a primary with a replica, and what failures of a server mean. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisCouponStockIT extends RedisStockContract {

    private final RedisAdapters redis = RedisAdapters.standalone(RunningServers.get().redis(), 1);

    @TempDir Path folder = Path.of("");

    @BeforeAll
    void makeTheRegisterWhole() {
        redis.arming.announce(List.of());
    }

    @AfterAll
    void close() {
        redis.close();
    }

    @Override
    RedisAdapters redis() {
        return redis;
    }

    private static Jedis jedis() {
        return new Jedis(HostAndPort.from(RunningServers.get().redis()));
    }

    private static ClaimBatch batch(Campaign campaign) {
        return new ClaimBatch(
                campaign.id(),
                Question.CLAIM,
                List.of(new MemberId("ann")),
                Confirmed.EVERYTHING,
                Watermark.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"issued", "quantity", "returned", "stock", "participants"})
    void aChangeDoesNotMendWhatContradictsItself(String damaged) {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 2);
        redis.arming.arm(draft);
        redis.arming.change(draft.published());
        answers(draft);
        CampaignKeys keys = CampaignKeys.of(draft.id());
        try (Jedis jedis = jedis()) {
            switch (damaged) {
                case "stock" -> jedis.set(keys.stock(), "2");
                case "participants" -> jedis.del(keys.participants());
                default ->
                        jedis.hset(keys.campaign(), damaged, damaged.equals("issued") ? "0" : "7");
            }
        }
        assertThat(answers(draft)).containsExactly(new ClaimResult.Recovering());

        // Otherwise the stock would be computed anew, and serial 1 issued a second time.
        assertThat(redis.arming.change(draft.published().paused()).outcome())
                .isEqualTo(Outcome.ABSENT);
        assertThat(redis.arming.change(draft.published().paused().resumed()).outcome())
                .isEqualTo(Outcome.ABSENT);
        assertThat(answers(draft)).containsExactly(new ClaimResult.Recovering());
    }

    private List<ClaimResult> answers(Campaign campaign) {
        try (var decision = redis.stock.decide(batch(campaign))) {
            return decision.results();
        }
    }

    @Test
    void whatWasBroughtOfAListThatIsNotWholeIsForgotten() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 2);
        redis.arming.arm(draft);

        assertThatThrownBy(() ->
                        redis.eligible.putInForce(
                                draft.id(),
                                new AllowList(1, 2),
                                Stream.of(List.of(new MemberId("ann")))))
                .isInstanceOf(IssuanceUnavailableException.class);

        try (Jedis jedis = jedis()) {
            assertThat(jedis.keys(CampaignKeys.of(draft.id()).eligible() + ":*")).isEmpty();
        }
    }

    @Test
    void aCampaignWhoseKeysAreGoneIsRecoveringAndNotUnknown() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 1);
        redis.arming.arm(draft);
        try (Jedis jedis = jedis()) {
            CampaignKeys.of(draft.id()).all().forEach(jedis::del);
        }
        assertThat(redis.stock.decide(batch(draft)).results())
                .containsExactly(new ClaimResult.Recovering());
        assertThatThrownBy(() -> redis.views.find(draft.id()))
                .isInstanceOfSatisfying(
                        IssuanceUnavailableException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.RECOVERING));
    }

    @Test
    void aServerThatIsNotThereDecidedNothing() {
        try (var nobody = RedisAdapters.standalone("127.0.0.1:" + RedisProcess.freePort(), 0)) {
            assertThatThrownBy(
                            () -> nobody.stock.decide(batch(Campaigns.draft(Campaigns.newId(), 1))))
                    .isInstanceOfSatisfying(
                            IssuanceUnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.UNDECIDED));
        }
    }

    @Test
    void aServerIsTalkedToAsTheUserThatIsConfigured() {
        try (var server = RedisProcess.start(folder);
                Jedis jedis = server.connect()) {
            jedis.aclSetUser("coupons", "on", ">secret", "~*", "+@all");
            jedis.aclSetUser("default", "resetkeys");
            String node = server.address().toString();
            Campaign draft = Campaigns.draft(Campaigns.newId(), 1);
            try (var known = RedisAdapters.authenticated(node, "coupons", "secret");
                    var mistaken = RedisAdapters.authenticated(node, "coupons", "wrong");
                    var nobody = RedisAdapters.standalone(node, 0)) {
                known.arming.arm(draft);
                known.arming.change(draft.published());

                assertThat(known.stock.decide(batch(draft)).results().getFirst())
                        .isInstanceOf(ClaimResult.Issued.class);
                assertThatThrownBy(() -> mistaken.stock.decide(batch(draft)))
                        .isInstanceOf(IssuanceUnavailableException.class);
                assertThatThrownBy(() -> nobody.stock.decide(batch(draft)))
                        .isInstanceOf(IssuanceUnavailableException.class);
            }
        }
    }

    @Test
    void aReplicaDoesNotAnswerInsteadOfItsPrimary() {
        try (var primary = RedisProcess.start(folder);
                var replica =
                        RedisProcess.start(
                                folder, "replicaof 127.0.0.1 " + primary.address().getPort());
                var right = RedisAdapters.standalone(primary.address().toString(), 1);
                var wrong = RedisAdapters.standalone(replica.address().toString(), 0)) {
            Campaign draft = Campaigns.draft(Campaigns.newId(), 1);
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptionsInstanceOf(IssuanceUnavailableException.class)
                    .until(() -> {
                        right.arming.arm(draft);
                        return true;
                    });

            assertThatThrownBy(() -> wrong.stock.decide(batch(draft)))
                    .isInstanceOfSatisfying(
                            IssuanceUnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.UNDECIDED));
            assertThatThrownBy(() -> wrong.views.find(draft.id()))
                    .isInstanceOf(IssuanceUnavailableException.class);
        }
    }

    @Test
    void aServerThatMayEvictKeysIsNotWorkedWith() {
        try (var server = RedisProcess.start(folder, "maxmemory-policy allkeys-lru");
                var evicting = RedisAdapters.standalone(server.address().toString(), 0)) {
            assertThatThrownBy(() -> evicting.arming.arm(Campaigns.draft(Campaigns.newId(), 1)))
                    .isInstanceOf(IssuanceUnavailableException.class);
        }
    }

    @Test
    void aServerThatIsOutOfMemoryDecidedNothing() {
        try (var server = RedisProcess.start(folder);
                var full = RedisAdapters.standalone(server.address().toString(), 0);
                Jedis jedis = server.connect()) {
            Campaign draft = Campaigns.draft(Campaigns.newId(), 1);
            full.arming.arm(draft);
            full.arming.change(draft.published());
            jedis.configSet("maxmemory", "1");

            assertThatThrownBy(() -> full.stock.decide(batch(draft)))
                    .isInstanceOfSatisfying(
                            IssuanceUnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.UNDECIDED));

            jedis.configSet("maxmemory", "0");
            assertThat(full.stock.decide(batch(draft)).results().getFirst())
                    .isInstanceOf(ClaimResult.Issued.class);
        }
    }

    @Test
    void aServerThatLostItsScriptsIsGivenThemAgain() {
        Campaign draft = Campaigns.draft(Campaigns.newId(), 1);
        redis.arming.arm(draft);
        redis.arming.change(draft.published());
        try (Jedis jedis = jedis()) {
            jedis.scriptFlush();
        }
        try (var decision = redis.stock.decide(batch(draft))) {
            assertThat(decision.results().getFirst()).isInstanceOf(ClaimResult.Issued.class);
        }
    }

    @Test
    void withoutAReplicaNothingIsConfirmed() {
        try (var server = RedisProcess.start(folder);
                var careless = RedisAdapters.standalone(server.address().toString(), 0);
                var careful = RedisAdapters.standalone(server.address().toString(), 1)) {
            Campaign draft = Campaigns.draft(Campaigns.newId(), 1);
            assertThatThrownBy(() -> careful.arming.arm(draft))
                    .isInstanceOfSatisfying(
                            IssuanceUnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.UNKNOWN));

            // that it is there by now does not make it safe
            assertThatThrownBy(() -> careful.arming.arm(draft))
                    .isInstanceOf(IssuanceUnavailableException.class);

            careless.arming.arm(draft);
            careless.arming.change(draft.published());
            assertThatThrownBy(() -> careful.arming.change(draft.published()))
                    .isInstanceOf(IssuanceUnavailableException.class);
            assertThat(careful.arming.follow(draft.published()).outcome())
                    .isEqualTo(Outcome.CURRENT);
            try (var decision = careful.stock.decide(batch(draft))) {
                assertThat(decision.results().getFirst()).isInstanceOf(ClaimResult.Issued.class);
                assertThat(decision.confirm(Duration.ofMillis(50))).isFalse();
            }
        }
    }
}
