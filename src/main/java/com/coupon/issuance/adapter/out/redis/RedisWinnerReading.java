package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.arguments;
import static com.coupon.issuance.adapter.out.redis.RedisScript.list;
import static com.coupon.issuance.adapter.out.redis.RedisScript.number;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.IssuanceUnavailableException.Reason;
import com.coupon.issuance.domain.Winner;
import com.coupon.issuance.port.out.WinnerReading;
import com.coupon.shared.ApiRole;
import com.coupon.shared.CampaignId;
import java.util.ArrayList;
import java.util.List;

/** Winners as {@code read_winners.lua} pages through them. Thread-safe. */
@ApiRole
final class RedisWinnerReading implements WinnerReading {

    private final RedisScript readWinners = RedisScript.named("read_winners");
    private final RedisServers redis;

    RedisWinnerReading(RedisConnections connections) {
        this.redis = connections.shared();
    }

    @Override
    public WinnerPage page(CampaignId campaign, String cursor, int limit) {
        CampaignKeys keys = CampaignKeys.of(campaign);
        List<Object> reply =
                redis.call(
                        keys.campaign(),
                        connection ->
                                list(
                                        readWinners.call(
                                                connection,
                                                List.of(keys.campaign(), keys.participants()),
                                                arguments(
                                                        cursor.isEmpty() ? "0" : cursor, limit))));
        return switch (text(reply.getFirst())) {
            case "INTACT" -> page(campaign, reply);
            case "ABSENT" -> throw new IssuanceUnavailableException(Reason.RECOVERING);
            default ->
                    throw new IllegalStateException(
                            "read_winners replied " + text(reply.getFirst()));
        };
    }

    private static WinnerPage page(CampaignId campaign, List<Object> reply) {
        List<Object> fields = list(reply.get(4));
        List<Winner> winners = new ArrayList<>(fields.size() / 2);
        for (int i = 0; i < fields.size(); i += 2) {
            byte[] member = (byte[]) fields.get(i);
            if (member.length > 0) { // no marker
                winners.add(
                        WinnerRecord.read(campaign, member, (byte[]) fields.get(i + 1))
                                .orElseThrow(
                                        () -> new IssuanceUnavailableException(Reason.RECOVERING)));
            }
        }
        String next = text(reply.get(3));
        return new WinnerPage(
                text(reply.get(1)), number(reply.get(2)), winners, next.equals("0") ? "" : next);
    }
}
