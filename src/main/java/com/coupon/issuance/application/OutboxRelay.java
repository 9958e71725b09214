package com.coupon.issuance.application;

import static java.util.stream.Collectors.groupingBy;

import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.port.out.IssuanceOutbox;
import com.coupon.issuance.port.out.IssuancePublisher;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries issued coupons from the outbox to Kafka, at least once: the node that decided publishes
 * what it decided and removes it after the acknowledgement; what a node could not finish, any
 * node's sweep finds later. This is the transactional outbox (microservices.io) without a consumer
 * group, because nobody needs to own an entry: publishing one twice does no harm.
 *
 * <p>{@link #offer} may be called by any thread, {@link #step} and {@link #sweep} by one thread
 * each.
 */
@ApiRole
public final class OutboxRelay {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

    private final IssuanceOutbox outbox;
    private final IssuancePublisher publisher;
    private final IssuanceProperties.Relay properties;
    private final BlockingQueue<OutboxEntry> queue;
    private final Counter published;

    OutboxRelay(
            IssuanceOutbox outbox,
            IssuancePublisher publisher,
            IssuanceProperties properties,
            MeterRegistry registry) {
        this.outbox = outbox;
        this.publisher = publisher;
        this.properties = properties.relay();
        this.queue = new ArrayBlockingQueue<>(this.properties.queueCapacity());
        this.published =
                Counter.builder("coupon.relay.published")
                        .description("Outbox entries acknowledged by Kafka")
                        .register(registry);
    }

    /** Takes entries on for publishing. Never waits: what does not fit is left to the sweep. */
    void offer(List<OutboxEntry> entries) {
        entries.forEach(queue::offer);
    }

    /**
     * Publishes what this node decided, one batch of it.
     *
     * @param patience how long to wait for the first entry
     * @return whether there was any
     */
    public boolean step(Duration patience) throws InterruptedException {
        OutboxEntry first = queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (first == null) {
            return false;
        }
        List<OutboxEntry> entries = new ArrayList<>();
        entries.add(first);
        queue.drainTo(entries, properties.batchSize() - 1);
        relay(entries);
        return true;
    }

    /**
     * Publishes what was left behind, by whatever node, in the campaigns that no other node is
     * sweeping.
     */
    public void sweep() {
        for (CampaignId campaign : outbox.campaigns()) {
            try {
                if (outbox.lease(campaign, properties.sweepInterval())) {
                    sweep(campaign);
                }
            } catch (RuntimeException e) {
                // The others must not wait for this one.
                log.warn("The outbox of {} cannot be swept now: {}", campaign, e.toString());
            }
        }
    }

    private void sweep(CampaignId campaign) {
        String after = "";
        List<OutboxEntry> page;
        do {
            page = outbox.waiting(campaign, after, properties.sweepAge(), properties.batchSize());
            if (page.isEmpty() || relay(page) < page.size()) {
                return; // nothing left, or Kafka is away and a later sweep goes on
            }
            after = page.getLast().id();
        } while (page.size() == properties.batchSize());
    }

    private int relay(List<OutboxEntry> entries) {
        List<OutboxEntry> acknowledged = publisher.publish(entries);
        published.increment(acknowledged.size());
        acknowledged.stream()
                .collect(groupingBy(entry -> entry.coupon().campaign()))
                .forEach(outbox::remove);
        return acknowledged.size();
    }
}
