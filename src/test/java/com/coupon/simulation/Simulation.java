package com.coupon.simulation;

import com.coupon.Campaigns;
import com.coupon.history.History;
import com.coupon.history.HistoryCheck;
import com.coupon.history.HistoryRecorder;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.application.IssuanceProperties.Acknowledge;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.Watermark;
import com.coupon.issuance.memory.InMemoryCouponStock.Sight;
import com.coupon.issuance.memory.Protection;
import com.coupon.persistence.domain.Issuance;
import com.coupon.shared.CampaignId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One run: the classes of the application, on a made-up world, driven step by step. In every turn
 * one thread of one process takes one step, or something breaks, or is mended. In the end all is
 * mended, everybody asks until he knows, and what everybody was told is held against the ledger.
 *
 * <p>The manner is that of the simulators of FoundationDB (Zhou et al., 2021) and TigerBeetle.
 */
final class Simulation {

    private static final CampaignId CAMPAIGN = new CampaignId("simulated");

    /** How often everything is tried until it has to be quiet. */
    private static final int ROUNDS = 60;

    /** All runs count in the same meters, because nobody looks at them. */
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

    private static final Map<Acknowledge, IssuanceProperties> PROPERTIES = properties();

    private final World world;
    private final Scenario scenario;
    private final SimulatedRedis redis;
    private final SimulatedTopic topic;
    private final SimulatedDatabase database;
    private final Truth truth;
    private final HistoryRecorder recorder;
    private final Crowd crowd;
    private final Operator operator;
    private final SimulatedDeadLetters deadLetters = new SimulatedDeadLetters();
    private final List<ApiNode> apis = new ArrayList<>();
    private final List<ConsumerNode> consumers = new ArrayList<>();
    private int started;

    private static Map<Acknowledge, IssuanceProperties> properties() {
        Map<Acknowledge, IssuanceProperties> properties = new EnumMap<>(Acknowledge.class);
        for (Acknowledge gate : Acknowledge.values()) {
            properties.put(
                    gate,
                    new IssuanceProperties(
                            gate,
                            new IssuanceProperties.Claims(
                                    1,
                                    4,
                                    8,
                                    Duration.ofSeconds(1),
                                    Duration.ofSeconds(1),
                                    Duration.ofMillis(25),
                                    Duration.ofSeconds(5)),
                            new IssuanceProperties.SoldOut(4, 8, 2),
                            new IssuanceProperties.WarmUp(0, 1, Duration.ofSeconds(1)),
                            new IssuanceProperties.Gate(2, Duration.ofMillis(500)),
                            new IssuanceProperties.Relay(
                                    4, 3, Duration.ofMillis(500), Duration.ofSeconds(1)),
                            new IssuanceProperties.Rebuild(
                                    Duration.ofMillis(100),
                                    Duration.ofMillis(250),
                                    Duration.ofSeconds(3),
                                    3),
                            Duration.ofDays(30),
                            new IssuanceProperties.AllowLists(10, 1),
                            Duration.ofSeconds(5),
                            new IssuanceProperties.Stats(
                                    Duration.ofSeconds(1), 1, Duration.ofSeconds(5), 0),
                            new IssuanceProperties.Events(
                                    1,
                                    Duration.ofSeconds(1),
                                    Duration.ofSeconds(15),
                                    Duration.ofMinutes(10),
                                    Duration.ofSeconds(3))));
        }
        return properties;
    }

    /** What came out. */
    record Outcome(Scenario scenario, List<String> violations, Tally.OfOne tally) {}

    /**
     * @param trace where all that happens is written to, or null
     */
    static Outcome run(long seed, Set<Protection> without, @Nullable List<String> trace) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L);
        Scenario scenario = Scenario.draw(random, without);
        World world = new World(random, trace);
        world.say(scenario::toString);
        new Simulation(world, scenario).run(trace);
        return new Outcome(scenario, List.copyOf(world.violations()), world.tally);
    }

    private Simulation(World world, Scenario scenario) {
        this.world = world;
        this.scenario = scenario;
        this.redis = new SimulatedRedis(world, scenario);
        this.database = new SimulatedDatabase(world, scenario);
        this.topic = new SimulatedTopic(world, scenario, () -> database.campaign().epoch());
        this.truth = new Truth(world, scenario, CAMPAIGN, redis, topic, database);
        this.recorder = new HistoryRecorder(scenario.quantity());
        this.crowd = new Crowd(world, scenario, CAMPAIGN, truth, database, recorder);
        this.operator = new Operator(world, CAMPAIGN, database, recorder);
    }

    private IssuanceProperties settings() {
        return Objects.requireNonNull(PROPERTIES.get(scenario.gate()));
    }

    private ApiNode newApi() {
        return new ApiNode(
                "api-" + started++, world, redis, topic, truth, CAMPAIGN, settings(), METERS);
    }

    private ConsumerNode newConsumer() {
        return new ConsumerNode(
                "consumer-" + started++,
                world,
                redis,
                topic,
                database,
                truth,
                CAMPAIGN,
                deadLetters,
                settings(),
                METERS);
    }

    private void run(@Nullable List<String> trace) {
        for (int i = 0; i < scenario.apis(); i++) {
            apis.add(newApi());
        }
        for (int i = 0; i < scenario.consumers(); i++) {
            consumers.add(newConsumer());
        }
        redis.replicateAll();
        Campaign draft = Campaigns.draft(CAMPAIGN, scenario.quantity());
        openWithoutFaults(draft);

        world.misbehave(scenario.crashes(), scenario.stalls());
        world.run(scenario.turns(), this::turn);
        mend();
        boolean quiet = comeToRest();
        crowd.askOnceMore(apis);
        quiet &= comeToRest();
        if (!quiet) {
            world.violated("It never came to rest.");
        }
        checkInTheEnd(quiet, trace);
    }

    private void openWithoutFaults(Campaign draft) {
        redis.replicateAll();
        world.undisturbed(() -> consumers.getFirst().open(draft));
        redis.replicateAll(); // it was opened long before
        if (!redis.primary().stock.see(CAMPAIGN).map(Sight::intact).orElse(false)) {
            throw new IllegalStateException("The campaign could not be opened.");
        }
    }

    private void turn() {
        passTime();
        // Only those who have seen more can tell that a server was set back.
        world.spare(redis.isSetBackUnnoticed(CAMPAIGN));
        int choice = world.random.nextInt(1_000);
        if (choice < 150) {
            crowd.ask(apis);
        } else if (choice < 330) {
            crowd.hear();
        } else if (choice < 720) {
            turnOf(world.oneOf(apis));
        } else if (choice < 900) {
            turnOf(world.oneOf(consumers));
        } else {
            turnOfServers();
        }
        if (world.fails(scenario.disasters())) {
            disaster();
        }
        if (world.fails(scenario.operators()) && !redis.isSetBackUnnoticed(CAMPAIGN)) {
            operator.act(world.oneOf(consumers));
        }
        truth.check();
    }

    private void passTime() {
        int choice = world.random.nextInt(scenario.rush() ? 1_000 : 100);
        long micros =
                choice < (scenario.rush() ? 950 : 75)
                        ? world.random.nextInt(500)
                        : choice < (scenario.rush() ? 998 : 96)
                                ? world.random.nextInt(50_000)
                                : world.random.nextInt(1_500_000);
        world.pass(micros * 1_000);
    }

    private void turnOf(ApiNode node) {
        if (!node.alive) {
            if (world.chance(300) && !redis.isSetBackUnnoticed(CAMPAIGN)) {
                apis.set(apis.indexOf(node), newApi());
            }
            return;
        }
        int choice = world.random.nextInt(100);
        if (choice < 40) {
            node.decide();
        } else if (choice < 70) {
            node.release(world.random.nextInt(2));
        } else if (choice < 88) {
            node.relay();
        } else if (choice < 93) {
            node.sweep();
        } else if (choice < 98) {
            node.rememberWinners();
        } else {
            learn(node);
        }
    }

    private void learn(World.Peer process) {
        process.route = redis.primaryNumber();
    }

    private void turnOf(ConsumerNode node) {
        if (!node.alive) {
            if (world.chance(300)) {
                consumers.set(consumers.indexOf(node), newConsumer());
            }
            return;
        }
        int choice = world.random.nextInt(100);
        if (choice < 45) {
            node.poll(world.random.nextInt(SimulatedTopic.PARTITIONS));
        } else if (choice < 80) {
            node.rebuild();
        } else if (choice < 90) {
            node.reassert();
        } else if (choice < 95) {
            node.carryOn();
        } else {
            learn(node);
        }
    }

    private void turnOfServers() {
        int choice = world.random.nextInt(100);
        if (!redis.hasPrimary()) {
            if (choice < 40) {
                redis.failOver();
            }
        } else if (choice < 60) {
            SimulatedRedis.Server server = world.oneOf(redis.servers);
            if (server.number != scenario.replicas() || !world.chance(scenario.lag())) {
                redis.replicate(server);
            }
        } else if (choice < 75) {
            redis.rejoin();
        } else if (choice < 85) {
            redis.backUp(CAMPAIGN);
        } else if (topic.isAway()) {
            topic.away(choice < 93);
        } else if (database.isAway()) {
            database.away(choice < 93);
        } else if (world.fails(scenario.topicFaults())) {
            topic.away(true);
        } else if (world.fails(scenario.databaseFaults())) {
            database.away(true);
        }
    }

    /** Whatever the gate promises to survive. */
    private void disaster() {
        if (!redis.hasPrimary() || scenario.kinds().isEmpty()) {
            return;
        }
        boolean everythingMayGo = scenario.gate() == Acknowledge.PUBLICATION || truth.isDrained();
        switch (world.oneOf(List.copyOf(scenario.kinds()))) {
            case CRASH -> redis.crash();
            case CUT_OFF -> {
                if (!redis.promotable().isEmpty()) {
                    redis.cutOff();
                }
            }
            case RESTART -> redis.restart();
            case EMPTY -> {
                if (everythingMayGo) {
                    redis.restartEmpty();
                }
            }
            case LOSS -> {
                if (everythingMayGo) {
                    redis.lose(CAMPAIGN);
                }
            }
            case SET_BACK -> {
                if (everythingMayGo && isSureToBeNoticed()) {
                    redis.setBack();
                }
            }
            case SUSPENSION -> world.oneOf(consumers).suspend();
        }
    }

    /** A server that is set back looks whole, and only who has seen more can tell. */
    private boolean isSureToBeNoticed() {
        Watermark backedUp = redis.primary().backedUp;
        Optional<Sight> sight = redis.primary().stock.see(CAMPAIGN).filter(Sight::intact);
        return redis.primary().backup != null
                && sight.isPresent()
                && sight.get().watermark().epoch() == backedUp.epoch()
                && sight.get().watermark().issued() > backedUp.issued()
                && apis.stream()
                        .allMatch(node -> node.alive && node.link.hasSeenMoreThan(backedUp));
    }

    private void mend() {
        topic.away(false);
        database.away(false);
        if (!redis.hasPrimary()) {
            redis.failOver();
        }
        redis.rejoin();
        redis.replicateAll();
        for (int i = 0; i < apis.size(); i++) {
            if (!apis.get(i).alive) {
                apis.set(i, newApi());
            }
            learn(apis.get(i));
        }
        for (int i = 0; i < consumers.size(); i++) {
            if (!consumers.get(i).alive) {
                consumers.set(i, newConsumer());
            }
            learn(consumers.get(i));
        }
        world.say(() -> "everything is mended");
    }

    private boolean comeToRest() {
        for (int round = 0; round < ROUNDS; round++) {
            for (ApiNode node : apis) {
                for (int i = 0; i < 5; i++) {
                    node.decide();
                    node.release(0);
                    node.relay();
                    world.pass(Duration.ofMillis(6).toNanos());
                    node.release(0);
                    node.release(1);
                }
            }
            world.pass(Duration.ofMillis(1_100).toNanos());
            apis.forEach(ApiNode::sweep);
            for (ConsumerNode node : consumers) {
                for (int partition = 0; partition < SimulatedTopic.PARTITIONS; partition++) {
                    node.poll(partition);
                }
                node.rebuild();
                node.reassert();
                node.carryOn();
            }
            boolean settled = operator.settle(consumers.getFirst());
            boolean heard = crowd.hearAll();
            boolean known = crowd.askUntilAllKnow(apis);
            truth.check();
            if (settled && heard && known && isQuiet()) {
                return true;
            }
        }
        return false;
    }

    private boolean isQuiet() {
        Optional<Sight> sight = redis.primary().stock.see(CAMPAIGN);
        return topic.isRead()
                && !database.hasIncompleteRevocations()
                && sight.isPresent()
                && sight.get().intact()
                && sight.get().outbox().isEmpty();
    }

    private void checkInTheEnd(boolean quiet, @Nullable List<String> trace) {
        for (Issuance row : database.rows()) {
            recorder.row(
                    new History.Row(
                            row.coupon().member().value(),
                            row.coupon().serial(),
                            row.coupon().code().value(),
                            row.coupon().epoch(),
                            row.status() == Issuance.Status.REVOKED
                                    ? History.Status.REVOKED
                                    : History.Status.ISSUED));
        }
        database.voids().forEach(recorder::voided);
        deadLetters.all().forEach(coupon -> recorder.deadLetter(event(coupon)));
        topic.all().forEach(coupon -> recorder.event(event(coupon)));
        History history = recorder.history(true);
        if (trace != null) {
            history.lines().forEach(trace::add);
        }
        HistoryCheck.violations(history).stream()
                .filter(violation -> !database.isExplainedByRevival(violation))
                .forEach(violation -> world.violated(violation.toString()));
        if (quiet) {
            redis.primary()
                    .stock
                    .see(CAMPAIGN)
                    .ifPresent(sight -> Truth.compare(world, sight, database));
        }
    }

    private static History.Event event(IssuedCoupon coupon) {
        return new History.Event(
                coupon.epoch(), coupon.serial(), coupon.member().value(), coupon.code().value());
    }
}
