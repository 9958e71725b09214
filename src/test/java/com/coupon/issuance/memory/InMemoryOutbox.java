package com.coupon.issuance.memory;

import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.port.out.IssuanceOutbox;
import com.coupon.issuance.port.out.IssuancePublisher;
import com.coupon.shared.CampaignId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An outbox, and a topic that can be away, in memory. Not thread-safe. */
public final class InMemoryOutbox implements IssuanceOutbox, IssuancePublisher {

    private final Map<String, OutboxEntry> entries = new LinkedHashMap<>();
    private final Set<CampaignId> leased = new HashSet<>();
    private final List<OutboxEntry> published = new ArrayList<>();
    private int acknowledgeAtMost = Integer.MAX_VALUE;

    /** Writes an entry, as the deciding script does. */
    public void write(OutboxEntry entry) {
        entries.put(entry.id(), entry);
    }

    /** What the topic takes from now on, of each publication. */
    public void acknowledgeAtMost(int count) {
        acknowledgeAtMost = count;
    }

    /** Takes the lease that another node would take. */
    public void leaseToAnother(CampaignId campaign) {
        leased.add(campaign);
    }

    public Collection<OutboxEntry> entries() {
        return entries.values();
    }

    public List<OutboxEntry> published() {
        return published;
    }

    @Override
    public Set<CampaignId> campaigns() {
        Set<CampaignId> campaigns = new HashSet<>();
        entries.values().forEach(entry -> campaigns.add(entry.coupon().campaign()));
        return campaigns;
    }

    @Override
    public boolean lease(CampaignId campaign, Duration duration) {
        return !leased.contains(campaign);
    }

    @Override
    public List<OutboxEntry> waiting(
            CampaignId campaign, String after, Duration minAge, int limit) {
        return entries.values().stream()
                .filter(entry ->
                        entry.coupon().campaign().equals(campaign)
                                && entry.id().compareTo(after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public void remove(CampaignId campaign, Collection<OutboxEntry> removed) {
        removed.forEach(entry -> entries.remove(entry.id()));
    }

    @Override
    public List<OutboxEntry> publish(List<OutboxEntry> batch) {
        List<OutboxEntry> acknowledged = batch.stream().limit(acknowledgeAtMost).toList();
        published.addAll(acknowledged);
        return acknowledged;
    }
}
