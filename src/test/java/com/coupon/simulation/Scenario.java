package com.coupon.simulation;

import com.coupon.issuance.application.IssuanceProperties.Acknowledge;
import com.coupon.issuance.memory.Protection;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What a seed decides before anything happens. Each seed has a few kinds of faults of its own,
 * because many kinds at once hide each other.
 *
 * <p>Only such losses are drawn as the gate promises to survive. With {@code replication} each
 * server that may be promoted is awaited, and data is lost altogether only while everything that is
 * issued is in the topic. With {@code publication} anything may be lost at any time; where replicas
 * are not awaited, no primary is cut off, because it could not know.
 *
 * @param replicas how many there are
 * @param awaited how many of them are awaited
 * @param lag how often, of a thousand times, the last of them does not follow when it could
 * @param rush whether little time passes between the steps, and whoever knows his answer asks again
 *     and again
 * @param turns how many steps are taken before everything is mended
 * @param disasters of a thousand turns
 * @param lostReplies of a thousand calls of Redis
 * @param crashes of a thousand calls
 * @param stalls of a thousand calls
 * @param topicFaults of a thousand publications
 * @param databaseFaults of a thousand transactions
 * @param operators of a thousand turns
 * @param apis nodes that answer claims
 * @param consumers nodes that keep the ledger
 */
record Scenario(
        Acknowledge gate,
        Set<Protection> without,
        int replicas,
        int awaited,
        int lag,
        int quantity,
        int members,
        boolean rush,
        int turns,
        int disasters,
        int lostReplies,
        int crashes,
        int stalls,
        int topicFaults,
        int databaseFaults,
        int operators,
        int apis,
        int consumers,
        Set<Disaster> kinds) {

    /** What befalls servers and campaigns in Redis. */
    enum Disaster {
        CRASH,
        CUT_OFF,
        RESTART,
        EMPTY,
        LOSS,
        SET_BACK,
        SUSPENSION
    }

    static Scenario draw(SplittableRandom random, Set<Protection> without) {
        boolean publication = random.nextInt(10) < 3;
        Acknowledge gate =
                without.contains(Protection.GATE)
                        ? Acknowledge.DECISION
                        : publication ? Acknowledge.PUBLICATION : Acknowledge.REPLICATION;
        int replicas = publication ? random.nextInt(3) : 1 + random.nextInt(2);
        boolean rush = random.nextInt(4) == 0;
        int quantity = rush ? 1 + random.nextInt(3) : 3 + random.nextInt(6);
        Set<Disaster> kinds = EnumSet.noneOf(Disaster.class);
        for (Disaster kind : Disaster.values()) {
            if (random.nextInt(2) == 0) {
                kinds.add(kind);
            }
        }
        int awaited = publication && random.nextInt(3) == 0 ? 0 : replicas;
        if (replicas == 0) {
            kinds.remove(Disaster.CRASH);
        }
        if (awaited == 0) {
            kinds.remove(Disaster.CUT_OFF);
        }
        return new Scenario(
                gate,
                without,
                replicas,
                awaited,
                sometimes(random, 1_000),
                quantity,
                quantity + 2 + random.nextInt(12),
                rush,
                (rush ? 3 : 1) * (120 + random.nextInt(200)),
                kinds.isEmpty() ? 0 : 10 + random.nextInt(40),
                sometimes(random, 60),
                sometimes(random, 12),
                sometimes(random, 60),
                sometimes(random, 200),
                sometimes(random, 100),
                sometimes(random, 40),
                2 + random.nextInt(2),
                1 + random.nextInt(2),
                kinds);
    }

    private static int sometimes(SplittableRandom random, int most) {
        return random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(most);
    }
}
