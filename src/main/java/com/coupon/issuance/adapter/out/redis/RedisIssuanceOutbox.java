package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.arguments;
import static com.coupon.issuance.adapter.out.redis.RedisScript.list;
import static com.coupon.issuance.adapter.out.redis.RedisScript.number;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.OutboxEntry;
import com.coupon.issuance.port.in.InspectCampaign.Entry;
import com.coupon.issuance.port.out.IssuanceOutbox;
import com.coupon.shared.CampaignId;
import com.coupon.shared.EveryRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/** The outbox as a stream of Redis, whose entry ids begin with the time of writing. Thread-safe. */
@EveryRole
final class RedisIssuanceOutbox implements IssuanceOutbox {

    private static final Logger log = LoggerFactory.getLogger(RedisIssuanceOutbox.class);

    /** What the script takes. */
    private static final int REMOVED_AT_ONCE = 1_000;

    private final RedisScript campaignHome = RedisScript.named("campaign_home");
    private final RedisScript removePublished = RedisScript.named("remove_published");
    private final RedisServers redis;
    private final RedisCampaignRegister register;

    RedisIssuanceOutbox(RedisConnections connections, RedisCampaignRegister register) {
        this.redis = connections.shared();
        this.register = register;
    }

    @Override
    public Set<CampaignId> campaigns() {
        return register.all();
    }

    @Override
    public boolean lease(CampaignId campaign, Duration duration) {
        String key = CampaignKeys.of(campaign).sweeper();
        var set =
                new CommandArguments(Command.SET)
                        .key(key)
                        .add("")
                        .add("NX")
                        .add("PX")
                        .add(duration.toMillis());
        return redis.call(key, connection -> connection.executeCommand(set)) != null;
    }

    @Override
    public List<OutboxEntry> waiting(
            CampaignId campaign, String after, Duration minAge, int limit) {
        String key = CampaignKeys.of(campaign).outbox();
        return redis.call(key, connection -> waiting(connection, campaign, after, minAge, limit));
    }

    private List<OutboxEntry> waiting(
            Connection connection, CampaignId campaign, String after, Duration minAge, int limit) {
        List<Object> homeAndTime =
                list(
                        campaignHome.call(
                                connection,
                                List.of(CampaignKeys.of(campaign).campaign()),
                                List.of()));
        String home = text(homeAndTime.get(0));
        long now = number(homeAndTime.get(1));
        // All is all, also what a server with a faster clock wrote before this one took its place.
        String youngest =
                minAge.isZero() ? "+" : Long.toString(Math.max(0, now - minAge.toMillis()));
        List<OutboxEntry> entries = new ArrayList<>();
        String last = after;
        while (entries.size() < limit) {
            List<Entry> found =
                    OutboxEntries.page(
                            connection, campaign, last, youngest, limit - entries.size());
            if (found.isEmpty()) {
                break;
            }
            for (Entry entry : found) {
                last = entry.id();
                IssuedCoupon coupon = entry.coupon();
                if (coupon != null) {
                    entries.add(new OutboxEntry(home, last, coupon));
                } else {
                    // Only a person can have written it, and only a person can tell what it meant.
                    log.error(
                            "Entry {} in the outbox of {} cannot be read; it stays where it is.",
                            last,
                            campaign);
                }
            }
        }
        return entries;
    }

    @Override
    public void remove(CampaignId campaign, Collection<OutboxEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        CampaignKeys keys = CampaignKeys.of(campaign);
        entries.stream()
                .collect(groupingBy(OutboxEntry::home, mapping(OutboxEntry::id, toList())))
                .forEach((home, ids) -> remove(keys, home, ids));
    }

    private void remove(CampaignKeys keys, String home, List<String> ids) {
        for (int first = 0; first < ids.size(); first += REMOVED_AT_ONCE) {
            List<byte[]> arguments = new ArrayList<>(arguments(home));
            ids.subList(first, Math.min(first + REMOVED_AT_ONCE, ids.size()))
                    .forEach(id -> arguments.addAll(arguments(id)));
            redis.call(
                    keys.outbox(),
                    connection ->
                            removePublished.call(
                                    connection,
                                    List.of(keys.campaign(), keys.outbox()),
                                    arguments));
        }
    }
}
