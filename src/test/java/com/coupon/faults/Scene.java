package com.coupon.faults;

import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** One run as a fault sees it: what it can break, and the chance it goes by. Used by one thread. */
final class Scene {

    private final Stage stage;
    private final String campaign;
    private final Members members;
    private final Random random;
    private volatile long struckNanos;
    private volatile long electedNanos;
    private int poison;

    Scene(Stage stage, String campaign, Members members, Random random) {
        this.stage = stage;
        this.campaign = campaign;
        this.members = members;
        this.random = random;
    }

    Stage stage() {
        return stage;
    }

    RedisSetup redis() {
        return stage.redis();
    }

    Members members() {
        return members;
    }

    String campaign() {
        return campaign;
    }

    Random random() {
        return random;
    }

    /** A key of the campaign. */
    String key(String name) {
        return "coupon:{" + campaign + "}:" + name;
    }

    /** The server that decides this campaign's claims. */
    RedisServer primary() {
        return stage.redis().primary(key("campaign"));
    }

    /** To be called when it begins. */
    void struck() {
        struckNanos = System.nanoTime();
    }

    /** Nanoseconds of {@link System#nanoTime()}. */
    long struckNanos() {
        return struckNanos;
    }

    /** When a replica had taken over, or 0. */
    long electedNanos() {
        return electedNanos;
    }

    /** Lets a while pass, by chance within bounds in milliseconds. */
    void hold(int least, int most) {
        Pause.millis(random.nextInt(least, most));
    }

    /** Kills a server, and starts it again once another has taken over, as a supervisor does. */
    void killAndReplace(RedisServer primary) {
        List<RedisServer> replicas = stage.redis().replicas(primary);
        struck();
        primary.process().signals().kill();
        awaitElection(replicas);
        stage.redis().relaunch(primary, key("campaign"));
    }

    /** Waits until one of the replicas is a primary and the others say so. */
    void awaitElection(List<RedisServer> replicas) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> replicas.stream().anyMatch(RedisServer::isPrimary));
        electedNanos = System.nanoTime();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptions()
                .until(() -> replicas.contains(primary()));
    }

    /** Waits until the campaign has begun anew, or has had the time to. */
    void awaitNewEpoch() {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!hasNewEpoch() && System.nanoTime() < end) {
            Pause.millis(10);
        }
    }

    private boolean hasNewEpoch() {
        try {
            return stage.database().epoch(campaign) > 1;
        } catch (SQLException e) {
            return false;
        }
    }

    /** How many records were sent that have to become dead letters. */
    int poison() {
        return poison;
    }

    /** Puts a record on the topic that nobody can read. */
    void poisonTopic() {
        poison++;
        stage.topics().send(List.of(Topics.poison(campaign, poison)));
    }
}
