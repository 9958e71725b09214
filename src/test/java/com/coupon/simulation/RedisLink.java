package com.coupon.simulation;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.ClaimBatch;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.domain.SoldOut;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.domain.Winner;
import com.coupon.issuance.memory.InMemoryCouponStock;
import com.coupon.issuance.port.out.CampaignArming;
import com.coupon.issuance.port.out.CampaignRecovery;
import com.coupon.issuance.port.out.CouponStock;
import com.coupon.issuance.port.out.IssuanceOutbox;
import com.coupon.issuance.port.out.Participants;
import com.coupon.issuance.port.out.WinnerReading;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Redis as one process sees it: the server that it takes for the primary, calls that are refused,
 * and replies that are lost.
 */
final class RedisLink
        implements CouponStock,
                WinnerReading,
                IssuanceOutbox,
                CampaignArming,
                CampaignRecovery,
                Participants {

    private static final Duration REPLICATION_BUDGET = Duration.ofSeconds(1);

    private final World.Peer process;
    private final World world;
    private final SimulatedRedis redis;
    private final Truth truth;
    private final CampaignId campaign;

    /** Results that came from a server that had been cut off. */
    private final Set<ClaimResult> outdated = Collections.newSetFromMap(new IdentityHashMap<>());

    /** How far this process has seen the campaign. */
    private Watermark seen = Watermark.NONE;

    private int deciding;
    private boolean decidedByCutOff;

    RedisLink(
            World.Peer process,
            World world,
            SimulatedRedis redis,
            Truth truth,
            CampaignId campaign) {
        this.process = process;
        this.world = world;
        this.redis = redis;
        this.truth = truth;
        this.campaign = campaign;
    }

    /** An answer that rests on the last decision. */
    void remembers(ClaimResult result) {
        if (decidedByCutOff) {
            outdated.add(result);
        }
    }

    boolean isOutdated(ClaimResult result) {
        return outdated.contains(result);
    }

    /** Whether this process would notice that a server is behind this. */
    boolean hasSeenMoreThan(Watermark other) {
        return deciding == 0 && !seen.or(other).equals(other);
    }

    private <T> T call(String what, Function<SimulatedRedis.Server, T> effect) {
        SimulatedRedis.Server server = redis.servers.get(process.route);
        long incarnation = server.incarnation;
        world.at(process);
        if (server.incarnation != incarnation || !server.answers()) {
            boolean sent = server.incarnation != incarnation;
            if (world.isHealed() || world.chance(500)) {
                process.route = redis.primaryNumber();
            }
            throw new IssuanceUnavailableException(sent ? Reason.UNKNOWN : Reason.UNDECIDED);
        }
        if (world.fails(redis.lostReplies() / 2)) {
            world.note(Happening.REDIS_REFUSED);
            throw new IssuanceUnavailableException(Reason.UNDECIDED);
        }
        boolean suspended = server.stock.isSuspended(campaign);
        T reply = effect.apply(server);
        if (!suspended && server.stock.isSuspended(campaign)) {
            world.note(Happening.SUSPENDED);
            world.say(() -> server + " suspends the campaign");
        }
        world.say(() -> process.name + " on " + server + ": " + what + " -> " + reply);
        if (world.fails(redis.lostReplies())) {
            world.note(Happening.REPLY_LOST);
            world.say(() -> "the reply is lost");
            throw new IssuanceUnavailableException(Reason.UNKNOWN);
        }
        world.at(process);
        return reply;
    }

    private <T> T callAndConfirm(String what, Function<SimulatedRedis.Server, T> effect) {
        SimulatedRedis.Server server = redis.servers.get(process.route);
        long incarnation = server.incarnation;
        long[] offset = new long[1];
        T reply =
                call(
                        what,
                        asked -> {
                            long before = asked.stock.writes();
                            T result = effect.apply(asked);
                            offset[0] = asked.stock.writes() > before ? asked.stock.writes() : 0;
                            return result;
                        });
        if (!redis.await(process, server, incarnation, offset[0], REPLICATION_BUDGET)) {
            throw new IssuanceUnavailableException(Reason.UNKNOWN);
        }
        return reply;
    }

    @Override
    public boolean isReplicated() {
        return redis.awaited() > 0;
    }

    @Override
    public Set<CampaignId> unknown(Set<CampaignId> campaigns) {
        return call("known? " + campaigns, server -> server.stock.unknown(campaigns));
    }

    @Override
    public Decision decide(ClaimBatch batch) {
        deciding++;
        try {
            Decision decision =
                    call(
                            batch.question() + " of " + names(batch) + ", seen " + batch.seen(),
                            server -> decide(server, batch));
            seen = seen.or(decision.watermark());
            return decision;
        } finally {
            deciding--;
        }
    }

    private static List<String> names(ClaimBatch batch) {
        return batch.members().stream().map(MemberId::value).toList();
    }

    private Decision decide(SimulatedRedis.Server server, ClaimBatch batch) {
        long before = server.stock.writes();
        Decision decision = server.stock.decide(batch);
        long after = server.stock.writes();
        promised(server, batch.seen());
        truth.decided(
                decision.home(), decision.outbox().stream().map(OutboxEntry::coupon).toList());
        decidedByCutOff = server.role == SimulatedRedis.Role.CUT_OFF;
        if (decidedByCutOff) {
            if (!decision.outbox().isEmpty()) {
                world.note(Happening.DECIDED_BY_CUT_OFF_PRIMARY);
            }
            outdated.addAll(decision.results());
        }
        return new Held(server, server.incarnation, after > before ? after : 0, decision);
    }

    private void promised(SimulatedRedis.Server server, Watermark told) {
        // What was seen in an epoch that a rebuild has ended is accounted for by that rebuild.
        if (server.stock.isSuspended(campaign) && told.epoch() >= server.stock.epoch(campaign)) {
            server.promised = Math.max(server.promised, told.issued());
        }
    }

    /** A decision, and the connection that it was made on. */
    private final class Held implements Decision {

        private final SimulatedRedis.Server server;
        private final long incarnation;
        private final long offset;
        private final Decision decision;

        Held(SimulatedRedis.Server server, long incarnation, long offset, Decision decision) {
            this.server = server;
            this.incarnation = incarnation;
            this.offset = offset;
            this.decision = decision;
        }

        @Override
        public List<ClaimResult> results() {
            return decision.results();
        }

        @Override
        public List<OutboxEntry> outbox() {
            return decision.outbox();
        }

        @Override
        public Watermark watermark() {
            return decision.watermark();
        }

        @Override
        public @Nullable SoldOut soldOut() {
            return decision.soldOut();
        }

        @Override
        public Duration soldOutFor() {
            return decision.soldOutFor();
        }

        @Override
        public long cut() {
            return decision.cut();
        }

        @Override
        public String home() {
            return decision.home();
        }

        @Override
        public boolean confirm(Duration budget) {
            boolean confirmed = redis.await(process, server, incarnation, offset, budget);
            world.say(() -> process.name + ": confirmed " + watermark() + " " + confirmed);
            return confirmed;
        }

        @Override
        public long published() {
            world.at(process);
            return server.incarnation == incarnation && server.answers() ? decision.published() : 0;
        }

        @Override
        public void close() {
            decision.close();
        }

        @Override
        public String toString() {
            return results() + ", " + watermark();
        }
    }

    @Override
    public WinnerReading.WinnerPage page(CampaignId id, String cursor, int limit) {
        return call(
                "winners after '" + cursor + "'", server -> server.stock.page(id, cursor, limit));
    }

    @Override
    public Set<CampaignId> campaigns() {
        return call("campaigns", server -> server.stock.campaigns());
    }

    @Override
    public boolean lease(CampaignId id, Duration duration) {
        return call("lease", server -> server.stock.lease(id, duration));
    }

    @Override
    public List<OutboxEntry> waiting(CampaignId id, String after, Duration minAge, int limit) {
        return call("waiting", server -> server.stock.waiting(id, after, minAge, limit));
    }

    @Override
    public void remove(CampaignId id, Collection<OutboxEntry> entries) {
        int _ =
                call(
                        "remove " + entries,
                        server -> {
                            server.stock.remove(id, entries);
                            return entries.size();
                        });
    }

    @Override
    public void arm(Campaign draft) {
        int _ =
                callAndConfirm(
                        "arm",
                        server -> {
                            server.stock.arm(draft);
                            return 1;
                        });
    }

    /** Announces a change where nodes may remember what was before, and makes it later. */
    private <T> T onceForgotten(
            Function<Function<SimulatedRedis.Server, Step<T>>, Step<T>> call,
            Function<InMemoryCouponStock, Duration> announce,
            Function<InMemoryCouponStock, T> change) {
        for (int tries = 0; tries < 10; tries++) {
            Step<T> step =
                    call.apply(server -> {
                        Duration pause = announce.apply(server.stock);
                        return new Step<>(
                                pause, pause.isZero() ? change.apply(server.stock) : null);
                    });
            if (step.reply() != null) {
                return step.reply();
            }
            world.note(Happening.CHANGE_ANNOUNCED);
            world.sleep(process, step.pause());
        }
        throw new IssuanceUnavailableException(Reason.UNDECIDED);
    }

    /**
     * @param reply null where the change was only announced
     */
    private record Step<T>(Duration pause, @Nullable T reply) {}

    @Override
    public Change change(Campaign changed) {
        return onceForgotten(
                effect -> callAndConfirm("change", effect),
                stock -> stock.announceChange(changed),
                stock -> stock.change(changed));
    }

    @Override
    public Change follow(Campaign changed) {
        return onceForgotten(
                effect -> call("follow", effect),
                stock -> stock.announceChange(changed),
                stock -> stock.follow(changed));
    }

    @Override
    public void announce(Collection<CampaignId> ids) {
        int _ =
                call(
                        "announce",
                        server -> {
                            server.stock.announce(ids);
                            return ids.size();
                        });
    }

    @Override
    public boolean revoke(IssuedCoupon coupon) {
        return onceForgotten(
                effect -> callAndConfirm("revoke " + coupon, effect),
                stock -> stock.announceRevocation(coupon),
                stock -> stock.revoke(coupon));
    }

    @Override
    public Optional<Watermark> look(CampaignId id, Watermark known) {
        return call(
                "look, seen " + known,
                server -> {
                    Optional<Watermark> watermark = server.stock.look(id, known);
                    promised(server, known);
                    return watermark;
                });
    }

    @Override
    public boolean suspend(CampaignId id) {
        return call("suspend", server -> server.stock.suspend(id));
    }

    @Override
    public Optional<Rebuild> begin(CampaignId id, Duration lease) {
        return callAndConfirm("begin", server -> server.stock.begin(id, lease))
                .map(Rebuilding::new);
    }

    /** A rebuild, on whatever server the process takes for the primary by then. */
    private final class Rebuilding implements Rebuild {

        private Rebuild rebuild;

        Rebuilding(Rebuild rebuild) {
            this.rebuild = rebuild;
            redis.rebuilds(process);
        }

        private <T> T on(String what, Function<Rebuild, T> effect) {
            return call(
                    what,
                    server -> {
                        rebuild = server.stock.here(rebuild);
                        try {
                            return effect.apply(rebuild);
                        } catch (OutlivedException e) {
                            world.note(Happening.TOKEN_OUTLIVED);
                            throw e;
                        }
                    });
        }

        @Override
        public long fence() {
            return rebuild.fence();
        }

        @Override
        public void prolong() {
            long _ =
                    on(
                            "prolong",
                            begun -> {
                                begun.prolong();
                                return begun.fence();
                            });
        }

        @Override
        public void abandon() {
            int _ =
                    on(
                            "abandon",
                            begun -> {
                                begun.abandon();
                                return 0;
                            });
        }

        @Override
        public Page left(String cursor, int limit) {
            return on("left", begun -> begun.left(cursor, limit));
        }

        @Override
        public void drop(List<IssuedCoupon> coupons) {
            int _ =
                    on(
                            "drop " + coupons,
                            begun -> {
                                begun.drop(coupons);
                                return coupons.size();
                            });
        }

        @Override
        public void restore(List<Winner> winners) {
            int _ =
                    on(
                            "restore " + winners,
                            begun -> {
                                begun.restore(winners);
                                return winners.size();
                            });
        }

        @Override
        public boolean resume(Campaign rebuilt, long issued) {
            return on(
                    "resume in epoch " + rebuilt.epoch() + " after " + issued,
                    begun -> {
                        boolean resumed = begun.resume(rebuilt, issued);
                        if (resumed) {
                            resumed(rebuilt, issued);
                        }
                        return resumed;
                    });
        }

        private void resumed(Campaign rebuilt, long issued) {
            SimulatedRedis.Server server = redis.servers.get(process.route);
            world.note(Happening.REBUILT);
            if (server.role == SimulatedRedis.Role.CUT_OFF) {
                world.note(Happening.REBUILT_ON_CUT_OFF_PRIMARY);
            }
            long stock = rebuilt.plan().quantity() + rebuilt.returned();
            if (issued < Math.min(stock, server.promised)) {
                world.violated(
                        "%s goes on after serial %d, and somebody had told it of %d."
                                .formatted(server, issued, server.promised));
            }
            server.promised = 0;
        }
    }
}
