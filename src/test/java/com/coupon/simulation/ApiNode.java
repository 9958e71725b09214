package com.coupon.simulation;

import com.coupon.issuance.application.IssuanceProperties;
import com.coupon.issuance.application.Nodes;
import com.coupon.issuance.domain.ClaimBatch.Question;
import com.coupon.issuance.domain.ClaimResult;
import com.coupon.shared.CampaignId;
import com.coupon.shared.MemberId;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A node that answers claims. Each of its threads takes one step at a time. */
final class ApiNode extends World.Peer {

    /** What a thread does in its turn. */
    @FunctionalInterface
    private interface Step {
        void take() throws InterruptedException;
    }

    /** A thread, which does not begin a step in the middle of another. */
    private static final class Worker {
        private boolean busy;
    }

    final RedisLink link;
    boolean sweeping;
    private final World world;
    private final Nodes.Api node;
    private final Worker lane = new Worker();
    private final Worker[] gates = {new Worker(), new Worker()};
    private final Worker soldOut = new Worker();
    private final Worker relay = new Worker();
    private final Worker sweep = new Worker();

    ApiNode(
            String name,
            World world,
            SimulatedRedis redis,
            SimulatedTopic topic,
            Truth truth,
            CampaignId campaign,
            IssuanceProperties properties,
            MeterRegistry meters) {
        super(name);
        this.world = world;
        this.route = redis.primaryNumber();
        this.link = new RedisLink(this, world, redis, truth, campaign);
        this.node = Nodes.api(link, link, link, topic.of(this), world::nanos, properties, meters);
    }

    CompletableFuture<ClaimResult> ask(CampaignId campaign, String member, Question question) {
        CompletableFuture<ClaimResult> answer =
                question == Question.CLAIM
                        ? node.dispatcher().claim(campaign, new MemberId(member))
                        : node.dispatcher().find(campaign, new MemberId(member));
        if (answer.isDone() && !answer.resultNow().equals(new ClaimResult.Overloaded())) {
            world.note(Happening.TOLD_FROM_MEMORY);
            link.remembers(answer.resultNow());
            world.say(() -> name + " remembers " + answer.resultNow());
        }
        return answer;
    }

    void decide() {
        step(lane, () -> node.dispatcher().step(0, Duration.ZERO));
    }

    void release(int gate) {
        step(gates[gate], () -> node.gate().step(Duration.ZERO));
    }

    void rememberWinners() {
        step(soldOut, () -> node.soldOut().step(Duration.ZERO));
    }

    void relay() {
        step(relay, () -> node.relay().step(Duration.ZERO));
    }

    void sweep() {
        step(
                sweep,
                () -> {
                    sweeping = true;
                    try {
                        node.relay().sweep();
                    } finally {
                        sweeping = false;
                    }
                });
    }

    private void step(Worker thread, Step step) {
        if (!alive || thread.busy) {
            return;
        }
        thread.busy = true;
        try {
            step.take();
        } catch (World.Crash e) {
            world.note(Happening.API_CRASHED);
        } catch (RuntimeException e) {
            world.say(() -> name + " goes on after " + e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            thread.busy = false;
        }
    }
}
