package com.coupon.simulation;

import com.coupon.history.HistoryRecorder;
import com.coupon.issuance.domain.StockAdjustment;
import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.domain.Revocation;
import com.coupon.shared.CampaignId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Adds coupons, takes some away, revokes, pauses, and repeats what has come to no certain end. */
final class Operator {

    private final World world;
    private final CampaignId campaign;
    private final SimulatedDatabase database;
    private final HistoryRecorder recorder;
    private final List<Order> orders = new ArrayList<>();
    private final Set<Long> revoked = new HashSet<>();
    private boolean mayBePaused;
    private int keys;

    private static final class Order {
        private final HistoryRecorder.Acting acting;
        private final Function<ConsumerNode, @Nullable Boolean> attempt;
        private final Happening done;
        private boolean settled;
        private boolean underWay;
        private boolean mayHaveHappened;

        Order(
                HistoryRecorder.Acting acting,
                Happening done,
                Function<ConsumerNode, @Nullable Boolean> attempt) {
            this.acting = acting;
            this.done = done;
            this.attempt = attempt;
        }
    }

    Operator(
            World world,
            CampaignId campaign,
            SimulatedDatabase database,
            HistoryRecorder recorder) {
        this.world = world;
        this.campaign = campaign;
        this.database = database;
        this.recorder = recorder;
    }

    void act(ConsumerNode node) {
        switch (world.random.nextInt(6)) {
            case 0 -> adjust(node, 1 + world.random.nextInt(2), Happening.TOPPED_UP);
            case 1 -> adjust(node, -1, Happening.CUT);
            case 2 -> revoke(node);
            case 3 -> {
                mayBePaused = true;
                node.pause(true);
            }
            case 4 -> node.pause(false);
            default -> carryOn(node);
        }
    }

    private void adjust(ConsumerNode node, long delta, Happening done) {
        if (database.campaign().plan().quantity() + delta < 1) {
            return;
        }
        var adjustment = new StockAdjustment(campaign, "key-" + keys++, delta, "A test");
        begin(node, new Order(recorder.adjust(delta), done, other -> other.adjust(adjustment)));
    }

    private void revoke(ConsumerNode node) {
        List<Issuance> rows =
                database.rows().stream()
                        .filter(row -> !revoked.contains(row.coupon().serial()))
                        .toList();
        if (rows.isEmpty()) {
            return;
        }
        long serial = world.oneOf(rows).coupon().serial();
        revoked.add(serial);
        var revocation = new Revocation(campaign, serial, "A test", world.chance(600));
        begin(
                node,
                new Order(
                        recorder.revoke(serial, revocation.returnToStock()),
                        Happening.REVOKED,
                        other -> other.revoke(revocation)));
    }

    private void begin(ConsumerNode node, Order order) {
        orders.add(order);
        attempt(node, order);
    }

    private void attempt(ConsumerNode node, Order order) {
        order.underWay = true;
        Boolean done = order.attempt.apply(node);
        order.underWay = false;
        if (done == null) {
            order.mayHaveHappened = true;
            return;
        }
        order.settled = true;
        if (done) {
            order.acting.done();
            world.note(order.done);
            return;
        }
        world.note(Happening.CUT_REFUSED);
        if (!order.mayHaveHappened) {
            order.acting.refused(); // else Redis may have had fewer for a while
        }
    }

    private void carryOn(ConsumerNode node) {
        List<Order> open =
                orders.stream().filter(order -> !order.settled && !order.underWay).toList();
        if (!open.isEmpty()) {
            attempt(node, world.oneOf(open));
        }
    }

    /** Brings everything to an end; whether it has come to one. */
    boolean settle(ConsumerNode node) {
        if (mayBePaused) {
            mayBePaused = !node.pause(false);
        }
        orders.stream().filter(order -> !order.settled).forEach(order -> attempt(node, order));
        return !mayBePaused && orders.stream().allMatch(order -> order.settled);
    }
}
