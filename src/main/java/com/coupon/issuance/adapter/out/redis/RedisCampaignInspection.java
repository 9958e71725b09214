package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.arguments;
import static com.coupon.issuance.adapter.out.redis.RedisScript.list;
import static com.coupon.issuance.adapter.out.redis.RedisScript.number;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.Winner;
import com.coupon.issuance.port.in.InspectCampaign.Entry;
import com.coupon.issuance.port.in.InspectCampaign.Holding;
import com.coupon.issuance.port.in.InspectCampaign.OutboxPage;
import com.coupon.issuance.port.in.InspectCampaign.Republication;
import com.coupon.issuance.port.in.InspectCampaign.Restoration;
import com.coupon.issuance.port.in.InspectCampaign.WinnerPage;
import com.coupon.issuance.port.out.CampaignInspection;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * Campaigns as {@code inspect_campaign.lua} sees them, mended by {@code restore_winner.lua} and
 * {@code republish_coupon.lua}. Thread-safe.
 */
@ConsumerRole
final class RedisCampaignInspection implements CampaignInspection {

    private final RedisScript inspectCampaign = RedisScript.named("inspect_campaign");
    private final RedisScript restoreWinner = RedisScript.named("restore_winner");
    private final RedisScript republishCoupon = RedisScript.named("republish_coupon");
    private final RedisConnections connections;
    private final RedisServers redis;

    RedisCampaignInspection(RedisConnections connections) {
        this.connections = connections;
        this.redis = connections.shared();
    }

    @Override
    public Counters counters(CampaignId campaign) {
        CampaignKeys keys = CampaignKeys.of(campaign);
        List<Object> reply =
                redis.call(
                        keys.campaign(),
                        connection ->
                                list(
                                        inspectCampaign.call(
                                                connection, keys.inspected(), List.of())));
        return switch (text(reply.getFirst())) {
            case "INTACT" -> counters(reply);
            // it was armed, so a campaign that is not there is lost
            case "ABSENT", "RECOVERING" ->
                    throw new IssuanceUnavailableException(Reason.RECOVERING);
            default ->
                    throw new IllegalStateException(
                            "inspect_campaign replied " + text(reply.getFirst()));
        };
    }

    private static Counters counters(List<Object> reply) {
        return new Counters(
                text(reply.get(1)).equals("ARCHIVED"),
                number(reply.get(2)),
                number(reply.get(3)),
                number(reply.get(4)),
                number(reply.get(5)),
                number(reply.get(6)),
                number(reply.get(7)),
                number(reply.get(8)),
                number(reply.get(9)),
                number(reply.get(10)),
                Instant.ofEpochMilli(number(reply.get(11))));
    }

    @Override
    public WinnerPage winners(CampaignId campaign, String cursor, int limit) {
        WinnerScan scanned = WinnerScan.page(redis, campaign, cursor, limit);
        return new WinnerPage(
                scanned.winners().stream().map(RedisCampaignInspection::holding).toList(),
                scanned.unreadable(),
                scanned.cursor());
    }

    private static Holding holding(Winner winner) {
        return new Holding(winner.coupon(), winner.revoked());
    }

    @Override
    public Map<MemberId, Holding> winners(CampaignId campaign, Collection<MemberId> members) {
        Map<MemberId, Holding> holdings = new HashMap<>();
        if (members.isEmpty()) {
            return holdings;
        }
        String key = CampaignKeys.of(campaign).participants();
        List<byte[]> names =
                members.stream()
                        .map(member -> member.value().getBytes(StandardCharsets.US_ASCII))
                        .toList();
        var get = new CommandArguments(Command.HMGET).key(key);
        names.forEach(get::add);
        List<Object> records = list(redis.call(key, connection -> connection.executeCommand(get)));
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i) instanceof byte[] record) {
                WinnerRecord.read(campaign, names.get(i), record)
                        .ifPresent(
                                winner -> holdings.put(winner.coupon().member(), holding(winner)));
            }
        }
        return holdings;
    }

    @Override
    public OutboxPage waiting(CampaignId campaign, String after, int limit) {
        List<Entry> entries =
                redis.call(
                        CampaignKeys.of(campaign).outbox(),
                        connection -> OutboxEntries.page(connection, campaign, after, "+", limit));
        return new OutboxPage(entries, entries.isEmpty() ? "" : entries.getLast().id());
    }

    @Override
    public Restoration restore(Winner winner) {
        IssuedCoupon coupon = winner.coupon();
        CampaignKeys keys = CampaignKeys.of(coupon.campaign());
        String reply =
                callAndConfirm(
                        restoreWinner,
                        List.of(keys.campaign(), keys.participants()),
                        arguments(coupon.member().value(), WinnerRecord.of(winner)));
        return switch (reply) {
            case "RESTORED" -> Restoration.RESTORED;
            case "PRESENT" -> Restoration.PRESENT;
            case "ANOTHER" -> Restoration.ANOTHER;
            case "AHEAD" -> Restoration.AHEAD;
            case "FORGOTTEN" -> Restoration.FORGOTTEN;
            case "ABSENT" -> throw new IssuanceUnavailableException(Reason.RECOVERING);
            default -> throw new IllegalStateException("restore_winner replied " + reply);
        };
    }

    @Override
    public Republication republish(IssuedCoupon coupon) {
        CampaignKeys keys = CampaignKeys.of(coupon.campaign());
        String reply =
                callAndConfirm(
                        republishCoupon,
                        List.of(keys.campaign(), keys.participants(), keys.outbox()),
                        arguments(coupon.member().value(), coupon.serial(), coupon.code().value()));
        return switch (reply) {
            case "APPENDED" -> Republication.APPENDED;
            case "CHANGED" -> Republication.CHANGED;
            case "ABSENT" -> throw new IssuanceUnavailableException(Reason.RECOVERING);
            default -> throw new IllegalStateException("republish_coupon replied " + reply);
        };
    }

    /**
     * @param keys of the script, that of the campaign first
     */
    private String callAndConfirm(RedisScript script, List<String> keys, List<byte[]> arguments) {
        return connections.callAndConfirm(
                keys.getFirst(), connection -> text(script.call(connection, keys, arguments)));
    }
}
