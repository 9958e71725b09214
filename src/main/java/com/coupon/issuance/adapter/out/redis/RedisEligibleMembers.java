package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.arguments;
import static com.coupon.issuance.adapter.out.redis.RedisScript.number;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.port.out.EligibleMembers;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * Allow-lists as sets. A new one is brought page by page to a key of its own, which expires if that
 * is cut short, and takes the old one's place by {@code swap_allow_list.lua}. Thread-safe.
 */
@ConsumerRole
final class RedisEligibleMembers implements EligibleMembers {

    /** How long a list that is being brought outlives its last page. */
    private static final Duration ASIDE = Duration.ofMinutes(10);

    private final RedisScript swapAllowList = RedisScript.named("swap_allow_list");
    private final RedisConnections redis;

    RedisEligibleMembers(RedisConnections redis) {
        this.redis = redis;
    }

    @Override
    public long listInForce(CampaignId campaign) {
        String key = CampaignKeys.of(campaign).campaign();
        Object list =
                redis.shared()
                        .call(
                                key,
                                connection ->
                                        connection.executeCommand(
                                                new CommandArguments(Command.HGET)
                                                        .key(key)
                                                        .add("allowList")));
        return list == null ? 0 : number(list);
    }

    @Override
    public void putInForce(CampaignId campaign, long list, Stream<List<MemberId>> pages) {
        CampaignKeys keys = CampaignKeys.of(campaign);
        String aside = keys.aside(UUID.randomUUID().toString());
        add(aside, new CommandArguments(Command.SADD).key(aside).add("")); // the marker
        long size = 0;
        for (Iterator<List<MemberId>> rest = pages.iterator(); rest.hasNext(); ) {
            List<MemberId> page = rest.next();
            var command = new CommandArguments(Command.SADD).key(aside);
            page.forEach(member -> command.add(member.value()));
            add(aside, command);
            size += page.size();
        }
        List<byte[]> arguments = arguments(list, size);
        String reply =
                redis.callAndConfirm(
                        keys.campaign(),
                        connection ->
                                text(
                                        swapAllowList.call(
                                                connection,
                                                List.of(keys.campaign(), keys.eligible(), aside),
                                                arguments)));
        switch (reply) {
            case "SWAPPED", "CURRENT" -> {}
            // It expired, or the server lost it.
            case "INCOMPLETE" -> throw new IssuanceUnavailableException(Reason.UNDECIDED);
            case "ABSENT" -> throw new IssuanceUnavailableException(Reason.RECOVERING);
            default -> throw new IllegalStateException("swap_allow_list replied " + reply);
        }
    }

    private void add(String key, CommandArguments members) {
        redis.shared()
                .call(
                        key,
                        connection -> {
                            connection.executeCommand(members);
                            return connection.executeCommand(
                                    new CommandArguments(Command.PEXPIRE)
                                            .key(key)
                                            .add(ASIDE.toMillis()));
                        });
    }
}
