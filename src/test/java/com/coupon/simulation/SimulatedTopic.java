package com.coupon.simulation;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.port.out.IssuancePublisher;
import com.coupon.persistence.port.out.PublishedIssuances;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** The topic: partitions by member, one group that reads them, and its offsets. */
final class SimulatedTopic {

    static final int PARTITIONS = 2;

    private final World world;
    private final Scenario scenario;
    private final List<List<IssuedCoupon>> partitions = new ArrayList<>();
    private final int[] committed = new int[PARTITIONS];
    private final Set<IssuedCoupon> everything = new HashSet<>();
    private final LongSupplier epoch;
    private boolean away;

    /**
     * @param epoch of the catalogue
     */
    SimulatedTopic(World world, Scenario scenario, LongSupplier epoch) {
        this.world = world;
        this.scenario = scenario;
        this.epoch = epoch;
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(new ArrayList<>());
        }
    }

    void away(boolean isAway) {
        if (isAway) {
            world.note(Happening.TOPIC_AWAY);
        }
        away = isAway;
    }

    boolean isAway() {
        return away;
    }

    IssuancePublisher of(ApiNode node) {
        return entries -> publish(node, entries);
    }

    /** What a rebuild reads: what is published by the beginning and the group is not done with. */
    PublishedIssuances publishedFor(ConsumerNode node) {
        return (campaign, batch) -> {
            world.at(node);
            if (away) {
                throw new IllegalStateException("The topic is away.");
            }
            List<List<IssuedCoupon>> unread = new ArrayList<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                unread.add(after(partition, committed[partition]));
            }
            for (List<IssuedCoupon> coupons : unread) {
                world.at(node);
                if (!coupons.isEmpty()) {
                    batch.accept(coupons);
                }
            }
        };
    }

    private List<OutboxEntry> publish(ApiNode node, List<OutboxEntry> entries) {
        world.at(node);
        if (away) {
            return List.of();
        }
        List<OutboxEntry> acknowledged = new ArrayList<>();
        for (OutboxEntry entry : entries) {
            if (world.fails(scenario.topicFaults() / 2)) {
                continue;
            }
            append(entry.coupon());
            if (world.fails(scenario.topicFaults() / 2)) {
                world.note(Happening.PUBLISHED_TWICE);
                append(entry.coupon());
            }
            if (world.fails(scenario.topicFaults())) {
                world.note(Happening.ACKNOWLEDGEMENT_LOST);
            } else {
                acknowledged.add(entry);
            }
            if (node.sweeping) {
                world.note(Happening.TAKEN_OVER_BY_SWEEP);
            }
        }
        world.say(() -> node.name + " has published " + acknowledged);
        world.at(node);
        return acknowledged;
    }

    private void append(IssuedCoupon coupon) {
        if (coupon.epoch() < epoch.getAsLong()) {
            world.note(Happening.PUBLISHED_AFTER_ITS_EPOCH);
        }
        partitions.get(Math.floorMod(coupon.member().value().hashCode(), PARTITIONS)).add(coupon);
        everything.add(coupon);
    }

    /** All that was ever published. */
    List<IssuedCoupon> all() {
        return partitions.stream().flatMap(List::stream).toList();
    }

    boolean has(IssuedCoupon coupon) {
        return everything.contains(coupon);
    }

    /** Whether the group is still to read it. */
    boolean isUnderWay(IssuedCoupon coupon) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            if (after(partition, committed[partition]).contains(coupon)) {
                return true;
            }
        }
        return false;
    }

    boolean isRead() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            if (committed[partition] < partitions.get(partition).size()) {
                return false;
            }
        }
        return true;
    }

    int committed(int partition) {
        return committed[partition];
    }

    List<IssuedCoupon> after(int partition, int offset) {
        List<IssuedCoupon> all = partitions.get(partition);
        return List.copyOf(all.subList(Math.min(offset, all.size()), all.size()));
    }

    void commit(int partition, int offset) {
        committed[partition] = Math.max(committed[partition], offset);
    }
}
