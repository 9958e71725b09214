package com.coupon.faults;

import static org.awaitility.Awaitility.await;

import com.coupon.faults.FaultPoints.Place;
import com.coupon.servers.Signals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What goes wrong. Each strikes while claims run, lasts a while by chance, and heals what needs
 * more than the servers' being started again, which is done after every run.
 */
enum Fault {
    /** The control: what a run looks like in which nothing goes wrong. */
    NONE {
        @Override
        void strike(Scene scene) {
            scene.struck();
        }
    },
    KILL_PRIMARY {
        @Override
        void strike(Scene scene) {
            scene.killAndReplace(scene.primary());
        }
    },
    /** Its replicas hear nothing of it for a while, then it dies with what only it knows. */
    CUT_OFF_AND_KILL_PRIMARY {
        @Override
        void strike(Scene scene) {
            RedisServer primary = scene.primary();
            primary.relay().blackHole(port -> true);
            scene.hold(200, 800);
            scene.killAndReplace(primary);
        }
    },
    /** It stands still until long after another has taken over, and then goes on. */
    FREEZE_PRIMARY {
        @Override
        void strike(Scene scene) {
            RedisServer primary = scene.primary();
            List<RedisServer> replicas = scene.redis().replicas(primary);
            scene.struck();
            primary.process().signals().freeze();
            scene.awaitElection(replicas);
            scene.hold(0, 1_000);
            primary.process().signals().thaw();
        }
    },
    /** Too short for anybody to take over. */
    FREEZE_PRIMARY_BRIEFLY {
        @Override
        void strike(Scene scene) {
            Signals signals = scene.primary().process().signals();
            scene.struck();
            signals.freeze();
            scene.hold(200, 700);
            signals.thaw();
        }
    },
    SWITCH_OVER {
        @Override
        void strike(Scene scene) {
            List<RedisServer> replicas = scene.redis().replicas(scene.primary());
            scene.struck();
            scene.redis().switchOver(scene.key("campaign"));
            scene.awaitElection(replicas);
        }
    },
    /** The campaign moves to another primary, key by key. */
    MOVE_SLOT {
        @Override
        Set<Topology> topologies() {
            return EnumSet.of(Topology.CLUSTER);
        }

        @Override
        void strike(Scene scene) {
            scene.struck();
            ((ClusterSetup) scene.redis()).move(scene.key("campaign"));
        }
    },
    FLUSH_SCRIPTS {
        @Override
        void strike(Scene scene) {
            scene.struck();
            for (RedisServer server : scene.redis().servers()) {
                server.call(jedis -> jedis.scriptFlush());
            }
        }
    },
    FLUSH_EVERYTHING {
        @Override
        void strike(Scene scene) {
            scene.struck();
            for (RedisServer server : scene.redis().servers()) {
                if (server.isPrimary()) {
                    server.call(jedis -> jedis.flushAll());
                }
            }
        }
    },
    /** It comes back before anybody has noticed, and its replicas forget with it. */
    RESTART_PRIMARY_EMPTY {
        @Override
        void strike(Scene scene) {
            RedisServer primary = scene.primary();
            scene.struck();
            primary.process().signals().kill();
            primary.process().relaunch();
        }
    },
    /** What is lost was seen by one node only; the other one has to hear of it. */
    ONLY_ONE_NODE_KNOWS {
        @Override
        void strike(Scene scene) {
            RedisServer primary = scene.primary();
            scene.members().only(scene.random().nextInt(2));
            primary.relay().blackHole(port -> true);
            scene.hold(200, 800);
            scene.killAndReplace(primary);
            scene.members().only(-1);
        }
    },
    /** One of two replicas is awaited, and the other one is promoted. */
    PROMOTE_THE_REPLICA_THAT_WAS_NOT_AWAITED {
        @Override
        Set<Topology> topologies() {
            return EnumSet.of(Topology.SENTINEL);
        }

        @Override
        Settings settings() {
            return Settings.of("coupon.redis.replicas-to-await", "1");
        }

        @Override
        void strike(Scene scene) {
            RedisServer primary = scene.primary();
            List<RedisServer> replicas = scene.redis().replicas(primary);
            replicas.getFirst().configure(Map.of("replica-priority", "1"));
            int lagging = replicas.getFirst().port();
            primary.relay().blackHole(port -> port == lagging);
            scene.hold(200, 800);
            try {
                scene.killAndReplace(primary);
            } finally {
                replicas.getFirst().configure(Map.of("replica-priority", "100"));
            }
        }
    },
    LOSE_CAMPAIGN {
        @Override
        void strike(Scene scene) {
            lose(scene, scene.key("campaign"));
        }
    },
    LOSE_STOCK {
        @Override
        void strike(Scene scene) {
            lose(scene, scene.key("stock"));
        }
    },
    LOSE_PARTICIPANTS {
        @Override
        void strike(Scene scene) {
            lose(scene, scene.key("participants"));
        }
    },
    LOSE_OUTBOX {
        @Override
        void strike(Scene scene) {
            lose(scene, scene.key("outbox"));
        }
    },
    LOSE_REGISTER {
        @Override
        void strike(Scene scene) {
            lose(scene, "coupon:campaigns");
        }
    },
    /** The server refuses whatever needs memory. */
    FILL_MEMORY {
        @Override
        void strike(Scene scene) {
            RedisServer primary = scene.primary();
            scene.struck();
            primary.configure(Map.of("maxmemory", "1mb"));
            scene.hold(500, 2_000);
            primary.configure(Map.of("maxmemory", "0"));
        }
    },
    KILL_NODE {
        @Override
        void strike(Scene scene) {
            scene.struck();
            node(scene).signals().kill();
        }
    },
    KILL_NODE_AFTER_THE_SCRIPT {
        @Override
        void strike(Scene scene) {
            dieAt(scene, Place.AFTER_THE_SCRIPT);
        }
    },
    KILL_NODE_AFTER_THE_WAIT {
        @Override
        void strike(Scene scene) {
            dieAt(scene, Place.AFTER_THE_WAIT);
        }
    },
    KILL_NODE_AFTER_THE_PUBLICATION {
        @Override
        void strike(Scene scene) {
            dieAt(scene, Place.AFTER_THE_PUBLICATION);
        }
    },
    /**
     * What one node alone has seen issued is lost with the primary before it is published, while
     * the node stands still; once the campaign has begun anew, it goes on and publishes that.
     */
    PUBLISH_LATE {
        @Override
        void strike(Scene scene) {
            RedisServer primary = scene.primary();
            int number = scene.random().nextInt(2);
            ApplicationNode node = scene.stage().apis().get(number);
            Signals kafka = scene.stage().kafka().signals();
            scene.members().only(number);
            primary.relay().blackHole(port -> true);
            kafka.freeze();
            scene.hold(300, 600);
            node.signals().freeze();
            kafka.thaw();
            scene.members().only(1 - number);
            scene.killAndReplace(primary);
            scene.awaitNewEpoch();
            scene.hold(0, 300);
            node.signals().thaw();
            scene.members().only(-1);
        }
    },
    /** One node is five minutes ahead, the other one five minutes behind. */
    SKEW_CLOCKS {
        @Override
        Settings settings() {
            return new Settings(Map.of(), List.of(), Duration.ofMinutes(5));
        }

        @Override
        void strike(Scene scene) {
            scene.struck();
        }
    },
    KILL_KAFKA {
        @Override
        void strike(Scene scene) {
            scene.struck();
            scene.stage().kafka().signals().kill();
            scene.hold(1_000, 5_000);
            scene.stage().kafka().restart();
        }
    },
    FREEZE_KAFKA {
        @Override
        void strike(Scene scene) {
            scene.struck();
            scene.stage().kafka().signals().freeze();
            scene.hold(1_000, 15_000);
            scene.stage().kafka().signals().thaw();
        }
    },
    KAFKA_IS_DOWN_FOR_A_MINUTE {
        @Override
        boolean isLong() {
            return true;
        }

        @Override
        void strike(Scene scene) {
            scene.struck();
            scene.stage().kafka().signals().kill();
            Pause.millis(60_000);
            scene.stage().kafka().restart();
        }
    },
    KILL_DATABASE {
        @Override
        void strike(Scene scene) {
            scene.struck();
            scene.stage().postgres().signals().kill();
            scene.hold(500, 8_000);
            scene.stage().postgres().restart();
        }
    },
    /** It dies while it records what this run has issued. */
    KILL_DATABASE_WHILE_IT_RECORDS {
        @Override
        void strike(Scene scene) {
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> !scene.stage().database().rows(scene.campaign()).isEmpty());
            scene.hold(1, 50);
            scene.struck();
            scene.stage().postgres().signals().kill();
            scene.stage().postgres().restart();
        }
    },
    DATABASE_IS_DOWN_FOR_A_MINUTE {
        @Override
        boolean isLong() {
            return true;
        }

        @Override
        void strike(Scene scene) {
            scene.struck();
            scene.stage().postgres().signals().kill();
            Pause.millis(60_000);
            scene.stage().postgres().restart();
        }
    },
    /** Every event comes three times, in any order. */
    DELIVER_THREE_TIMES {
        @Override
        void strike(Scene scene) {
            scene.struck();
            scene.hold(500, 1_500);
            Topics topics = scene.stage().topics();
            topics.read();
            List<ProducerRecord<byte[], byte[]>> again = new ArrayList<>();
            for (int time = 0; time < 2; time++) {
                again.addAll(topics.records(scene.campaign()));
            }
            Collections.shuffle(again, scene.random());
            topics.send(again);
        }
    },
    POISON_THE_TOPIC {
        @Override
        void strike(Scene scene) {
            scene.struck();
            for (int number = 0; number < 5; number++) {
                scene.poisonTopic();
                scene.hold(10, 200);
            }
        }
    };

    /** Where it can be made to happen. */
    Set<Topology> topologies() {
        return EnumSet.allOf(Topology.class);
    }

    /** How the nodes have to run for it. */
    Settings settings() {
        return Settings.PLAIN;
    }

    /** Whether it is left out where all faults are asked for. */
    boolean isLong() {
        return false;
    }

    /** Does it, and returns when it is over. */
    abstract void strike(Scene scene);

    /** As it is written in options and results. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void lose(Scene scene, String key) {
        scene.struck();
        scene.redis().call(key, jedis -> jedis.del(key));
    }

    private static ApplicationNode node(Scene scene) {
        List<ApplicationNode> nodes = scene.stage().apis();
        return nodes.get(scene.random().nextInt(nodes.size()));
    }

    /** Where there is nothing more to issue, the node dies of something else. */
    private static void dieAt(Scene scene, Place place) {
        ApplicationNode node = node(scene);
        scene.struck();
        node.set(place, true);
        long end = System.nanoTime() + 2_000_000_000L;
        while (node.isAlive() && System.nanoTime() < end) {
            Pause.millis(5);
        }
        node.signals().kill();
    }
}
