package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.arguments;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.domain.AllowList;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * Allow-lists as sets. A new one is brought page by page to a key of its own, which expires if that
 * is cut short, and takes the old one's place by {@code swap_allow_list.lua}. Thread-safe.
 */
@ConsumerRole
final class RedisEligibleMembers implements EligibleMembers {

    private static final Logger log = LoggerFactory.getLogger(RedisEligibleMembers.class);

    /** How long a list that is being brought outlives its last page. */
    private static final Duration ASIDE = Duration.ofMinutes(10);

    private final RedisScript swapAllowList = RedisScript.named("swap_allow_list");
    private final RedisConnections redis;

    RedisEligibleMembers(RedisConnections redis) {
        this.redis = redis;
    }

    @Override
    public void putInForce(CampaignId campaign, AllowList list, Stream<List<MemberId>> pages) {
        CampaignKeys keys = CampaignKeys.of(campaign);
        String aside = keys.aside(UUID.randomUUID().toString());
        boolean swapped = false;
        try {
            bring(aside, pages);
            swap(keys, aside, list);
            swapped = true;
        } finally {
            if (!swapped) {
                forget(aside);
            }
        }
    }

    private void bring(String aside, Stream<List<MemberId>> pages) {
        add(aside, new CommandArguments(Command.SADD).key(aside).add("")); // the marker
        for (Iterator<List<MemberId>> rest = pages.iterator(); rest.hasNext(); ) {
            var command = new CommandArguments(Command.SADD).key(aside);
            rest.next().forEach(member -> command.add(member.value()));
            add(aside, command);
        }
    }

    private void swap(CampaignKeys keys, String aside, AllowList list) {
        List<byte[]> arguments = arguments(list.number(), list.members());
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
            // It expired, or the pages were not all of it.
            case "INCOMPLETE" -> throw new IssuanceUnavailableException(Reason.UNDECIDED);
            case "ABSENT" -> throw new IssuanceUnavailableException(Reason.RECOVERING);
            default -> throw new IllegalStateException("swap_allow_list replied " + reply);
        }
    }

    /** At once and not only when it expires, since Redis may be short of memory just now. */
    private void forget(String aside) {
        try {
            redis.shared()
                    .call(
                            aside,
                            connection ->
                                    connection.executeCommand(
                                            new CommandArguments(Command.UNLINK).key(aside)));
        } catch (IssuanceUnavailableException e) {
            log.warn("What was brought of a list stays until it expires: {}", e.getMessage());
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
