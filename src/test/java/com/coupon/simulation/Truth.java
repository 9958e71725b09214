package com.coupon.simulation;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.application.IssuanceProperties.Acknowledge;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.memory.InMemoryCouponStock;
import com.coupon.issuance.memory.InMemoryCouponStock.Sight;
import com.coupon.persistence.domain.Issuance;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What has to hold at every moment, and all that is needed to tell. */
final class Truth {

    private final World world;
    private final CampaignId campaign;
    private final SimulatedRedis redis;
    private final SimulatedTopic topic;
    private final SimulatedDatabase database;
    private final boolean survivesAllLosses;

    /** Where each epoch was used. */
    private final Map<Long, String> homes = new HashMap<>();

    /** Coupons that members were told of and that are not in the ledger yet. */
    private final Map<MemberId, IssuedCoupon> told = new HashMap<>();

    /** For each server, what it had written when it was looked at last. */
    private final Map<Integer, Long> looked = new HashMap<>();

    private Watermark highest = Watermark.NONE;
    private long databaseLooked = -1;

    Truth(
            World world,
            Scenario scenario,
            CampaignId campaign,
            SimulatedRedis redis,
            SimulatedTopic topic,
            SimulatedDatabase database) {
        this.world = world;
        this.campaign = campaign;
        this.redis = redis;
        this.topic = topic;
        this.database = database;
        this.survivesAllLosses = scenario.gate() == Acknowledge.PUBLICATION;
    }

    /** Serials are issued. */
    void decided(String home, List<IssuedCoupon> coupons) {
        for (IssuedCoupon coupon : coupons) {
            String known = homes.putIfAbsent(coupon.epoch(), home);
            if (known != null && !known.equals(home)) {
                world.violated(
                        "Epoch %d was used on %s and on %s."
                                .formatted(coupon.epoch(), known, home));
            }
        }
    }

    void told(IssuedCoupon coupon) {
        told.put(coupon.member(), coupon);
    }

    /** Whether nothing is lost if all of Redis is: all that it has issued is in the topic. */
    boolean isDrained() {
        return redis.servers.stream()
                .filter(SimulatedRedis.Server::answers)
                .allMatch(server ->
                        server.stock.see(campaign).stream()
                                .flatMap(sight -> sight.participants().stream())
                                .allMatch(this::isPublished));
    }

    private boolean isPublished(IssuedCoupon coupon) {
        return topic.has(coupon) || database.has(coupon);
    }

    void check() {
        for (SimulatedRedis.Server server : redis.servers) {
            if (server.answers()) {
                check(server);
            }
        }
        if (databaseLooked != database.version()) {
            databaseLooked = database.version();
            database.check();
            told.values().removeIf(database::has);
        }
        for (IssuedCoupon coupon : told.values()) {
            if (!isKnown(coupon)) {
                world.violated(coupon + " was told, and a failure that is survived loses it.");
                told.remove(coupon.member());
                return;
            }
        }
    }

    private void check(SimulatedRedis.Server server) {
        InMemoryCouponStock stock = server.stock;
        Long before = looked.put(server.number, stock.writes());
        if (before != null && before == stock.writes()) {
            return;
        }
        stock.see(campaign)
                .filter(Sight::intact)
                .ifPresent(sight -> {
                    check(server, sight);
                    if (server.role == SimulatedRedis.Role.PRIMARY
                            && !redis.isSetBackUnnoticed(campaign)) {
                        if (!sight.watermark().or(highest).equals(sight.watermark())) {
                            world.violated(
                                    "The campaign was at %s and is at %s on %s."
                                            .formatted(highest, sight.watermark(), server));
                        }
                        highest = highest.or(sight.watermark());
                    }
                });
    }

    private void check(SimulatedRedis.Server server, Sight sight) {
        long stock = sight.campaign().plan().quantity() + sight.campaign().returned();
        if (sight.watermark().issued() > stock || sight.participants().size() > stock) {
            world.violated("%s has issued more than %d.".formatted(server, stock));
        }
        Set<Long> serials = new HashSet<>();
        for (IssuedCoupon coupon : sight.participants()) {
            if (!serials.add(coupon.serial()) || coupon.serial() > sight.watermark().issued()) {
                world.violated("%s has %s out of order.".formatted(server, coupon));
            }
        }
    }

    /** In the end Redis has just what the ledger has. */
    static void compare(World world, Sight sight, SimulatedDatabase database) {
        Set<String> inRedis = new TreeSet<>();
        for (IssuedCoupon coupon : sight.participants()) {
            inRedis.add(line(coupon, sight.revoked().contains(coupon.member())));
        }
        Set<String> inLedger = new TreeSet<>();
        for (Issuance row : database.rows()) {
            inLedger.add(line(row.coupon(), row.status() == Issuance.Status.REVOKED));
        }
        if (!inRedis.equals(inLedger)) {
            world.violated("Redis has %s, the ledger %s.".formatted(inRedis, inLedger));
        }
    }

    private static String line(IssuedCoupon coupon, boolean revoked) {
        return "%d %s %s %s"
                .formatted(
                        coupon.serial(),
                        coupon.member(),
                        coupon.code(),
                        revoked ? "REVOKED" : "ISSUED");
    }

    private boolean isKnown(IssuedCoupon coupon) {
        if (database.has(coupon) || topic.isUnderWay(coupon)) {
            return true;
        }
        return !survivesAllLosses
                && (!redis.hasPrimary() || redis.primary().stock.has(coupon))
                && redis.promotable().stream()
                        .allMatch(server -> server.copy != null && server.copy.has(coupon));
    }
}
