package com.coupon.simulation;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.application.Nodes;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.StockAdjustment;
import com.coupon.issuance.domain.StockAdjustmentResult;
import com.coupon.issuance.domain.VersionMatch;
import com.coupon.persistence.application.LedgerNodes;
import com.coupon.persistence.domain.Revocation;
import com.coupon.persistence.domain.RevocationResult;
import com.coupon.persistence.domain.UnrecordableException;
import com.coupon.persistence.port.in.RecordIssuances;
import com.coupon.persistence.port.in.RevokeIssuances;
import com.coupon.shared.CampaignId;
import com.coupon.shared.InvalidValueException;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node that keeps the ledger, takes operators' orders and rebuilds campaigns. */
final class ConsumerNode extends World.Peer {

    private static final int POLLED_AT_ONCE = 4;

    final RedisLink link;
    private final World world;
    private final SimulatedRedis redis;
    private final SimulatedTopic topic;
    private final CampaignId campaign;
    private final SimulatedDeadLetters deadLetters;
    private final RecordIssuances ledger;
    private final Nodes.Consumer node;
    private final RevokeIssuances revoking;
    private boolean polling;
    private boolean rebuilding;
    private boolean reasserting;
    private boolean carryingOn;

    ConsumerNode(
            String name,
            World world,
            SimulatedRedis redis,
            SimulatedTopic topic,
            SimulatedDatabase database,
            Truth truth,
            CampaignId campaign,
            SimulatedDeadLetters deadLetters,
            IssuanceProperties properties,
            MeterRegistry meters) {
        super(name);
        this.world = world;
        this.route = redis.primaryNumber();
        this.redis = redis;
        this.topic = topic;
        this.campaign = campaign;
        this.deadLetters = deadLetters;
        this.link = new RedisLink(this, world, redis, truth, campaign);
        SimulatedDatabase.Link rows = database.new Link(this);
        LedgerNodes.Keeping keeping =
                LedgerNodes.keeping(
                        rows, topic.publishedFor(this), deadLetters, rows, world, meters);
        this.ledger = keeping.recording();
        this.node =
                Nodes.consumer(
                        rows,
                        link,
                        link,
                        link,
                        coupon -> link.revoke(coupon),
                        keeping.recovery(),
                        world,
                        properties,
                        meters);
        this.revoking = LedgerNodes.revoking(rows, node.winners(), node.stock(), node.lifecycle());
    }

    void open(Campaign draft) {
        node.lifecycle().create(draft);
        node.lifecycle().open(draft.id(), VersionMatch.ANY);
        node.lifecycle().reassert();
    }

    /** Runs what a thread or an operator asks for; whether the process has survived it. */
    private <T> @Nullable T run(Supplier<T> work) {
        if (!alive) {
            return null;
        }
        try {
            return work.get();
        } catch (World.Crash e) {
            world.note(Happening.CONSUMER_CRASHED);
            return null;
        } catch (RuntimeException e) {
            world.say(() -> name + " goes on after " + e);
            return null;
        }
    }

    private void run(Runnable work) {
        Boolean _ =
                run(() -> {
                    work.run();
                    return true;
                });
    }

    void rebuild() {
        if (!rebuilding) {
            rebuilding = true;
            try {
                run(() -> node.rebuilding().step());
            } finally {
                if (redis.endsRebuild(this) && !alive) {
                    world.note(Happening.CRASHED_IN_A_REBUILD);
                }
                rebuilding = false;
            }
        }
    }

    void suspend() {
        world.note(Happening.SUSPENDED_BY_HAND);
        run(() -> node.rebuilding().suspend(campaign));
    }

    void reassert() {
        if (!reasserting) {
            reasserting = true;
            try {
                run(() -> node.lifecycle().reassert());
            } finally {
                reasserting = false;
            }
        }
    }

    void carryOn() {
        if (!carryingOn) {
            carryingOn = true;
            try {
                run(revoking::carryOn);
            } finally {
                carryingOn = false;
            }
        }
    }

    /**
     * @return null where the outcome is not known
     */
    @Nullable Boolean adjust(StockAdjustment adjustment) {
        return run(() -> {
            try {
                return switch (node.stock().adjust(adjustment)) {
                    case StockAdjustmentResult.Adjusted _ -> true;
                    case StockAdjustmentResult.BelowIssued _ -> false;
                    case StockAdjustmentResult.KeyInFlight _,
                            StockAdjustmentResult.KeyReused _,
                            StockAdjustmentResult.UnknownCampaign _ ->
                            throw new IllegalStateException("An adjustment went wrong.");
                };
            } catch (InvalidValueException e) {
                return false; // there would be none left
            }
        });
    }

    /**
     * @return null where the outcome is not known
     */
    @Nullable Boolean revoke(Revocation revocation) {
        return run(() ->
                switch (revoking.revoke(revocation)) {
                    case RevocationResult.Revoked _ -> true;
                    case RevocationResult.Contradiction _ -> {
                        world.violated("Redis has another coupon than the ledger: " + revocation);
                        yield false;
                    }
                    case RevocationResult.UnknownCampaign _,
                            RevocationResult.UnknownIssuance _,
                            RevocationResult.AskedOtherwise _ ->
                            throw new IllegalStateException("A revocation went wrong.");
                });
    }

    /**
     * @return whether it is certain
     */
    boolean pause(boolean paused) {
        return run(() ->
                paused
                        ? node.lifecycle().pause(campaign, VersionMatch.ANY)
                        : node.lifecycle().resume(campaign, VersionMatch.ANY))
                != null;
    }

    /** Takes what is next in a partition to the ledger, as the listener does. */
    void poll(int partition) {
        if (polling || topic.isAway()) {
            return;
        }
        polling = true;
        try {
            run(() -> record(partition));
        } finally {
            polling = false;
        }
    }

    private void record(int partition) {
        int offset = topic.committed(partition);
        List<IssuedCoupon> coupons = topic.after(partition, offset);
        coupons = coupons.subList(0, Math.min(POLLED_AT_ONCE, coupons.size()));
        if (coupons.isEmpty()) {
            return;
        }
        world.at(this);
        try {
            ledger.record(coupons).conflicts().forEach(this::conflict);
        } catch (UnrecordableException e) {
            for (IssuedCoupon coupon : coupons) {
                recordAlone(coupon);
            }
        }
        try {
            world.at(this);
        } catch (World.Crash e) {
            world.note(Happening.CRASHED_BEFORE_THE_OFFSETS);
            throw e;
        }
        topic.commit(partition, offset + coupons.size());
    }

    private void recordAlone(IssuedCoupon coupon) {
        try {
            ledger.record(List.of(coupon)).conflicts().forEach(this::conflict);
        } catch (UnrecordableException e) {
            world.note(
                    e.reason() == UnrecordableException.Reason.LATE
                            ? Happening.LATE
                            : Happening.CONFLICT);
            world.say(() -> coupon + " becomes a dead letter: " + e.getMessage());
            deadLetters.add(coupon);
        }
    }

    private void conflict(IssuedCoupon coupon) {
        world.note(Happening.CONFLICT);
        world.say(() -> coupon + " becomes a dead letter: it contradicts the ledger");
        deadLetters.add(coupon);
    }
}
