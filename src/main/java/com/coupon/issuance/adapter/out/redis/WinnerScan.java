package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.list;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.domain.IssuanceUnavailableException;
import com.coupon.issuance.domain.Winner;
import com.coupon.shared.CampaignId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * One page of a campaign's winners, by HSCAN: one who is there from the first page to the last is
 * in one of them, perhaps in several.
 *
 * @param unreadable members whose records cannot be read
 * @param cursor of the next page; empty after the last
 */
record WinnerScan(List<Winner> winners, List<String> unreadable, String cursor) {

    /**
     * @param cursor of the page before, or an empty text
     * @param limit about how many
     * @throws IssuanceUnavailableException if Redis cannot be asked
     */
    static WinnerScan page(RedisServers redis, CampaignId campaign, String cursor, int limit) {
        String key = CampaignKeys.of(campaign).participants();
        var scan =
                new CommandArguments(Command.HSCAN)
                        .key(key)
                        .add(cursor.isEmpty() ? "0" : cursor)
                        .add("COUNT")
                        .add(limit);
        List<Object> reply = list(redis.call(key, connection -> connection.executeCommand(scan)));
        List<Object> fields = list(reply.get(1));
        List<Winner> winners = new ArrayList<>(fields.size() / 2);
        List<String> unreadable = new ArrayList<>();
        for (int i = 0; i < fields.size(); i += 2) {
            byte[] member = (byte[]) fields.get(i);
            if (member.length > 0) { // no marker
                Optional<Winner> winner =
                        WinnerRecord.read(campaign, member, (byte[]) fields.get(i + 1));
                winner.ifPresentOrElse(winners::add, () -> unreadable.add(text(member)));
            }
        }
        String next = text(reply.get(0));
        return new WinnerScan(winners, unreadable, next.equals("0") ? "" : next);
    }
}
