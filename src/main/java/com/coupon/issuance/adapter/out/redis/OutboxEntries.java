package com.coupon.issuance.adapter.out.redis;

import static com.coupon.issuance.adapter.out.redis.RedisScript.list;
import static com.coupon.issuance.adapter.out.redis.RedisScript.text;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.port.in.InspectCampaign.Entry;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/** The entries of an outbox, as {@code claim_coupons.lua} writes them. */
final class OutboxEntries {

    private static final Logger log = LoggerFactory.getLogger(OutboxEntries.class);

    private OutboxEntries() {}

    /**
     * Reads entries in the order of their ids.
     *
     * @param after the id of the last entry already seen, or an empty text
     * @param youngest the highest id that is of interest, or + for all
     * @param limit how many at most
     */
    static List<Entry> page(
            Connection connection, CampaignId campaign, String after, String youngest, int limit) {
        var range =
                new CommandArguments(Command.XRANGE)
                        .key(CampaignKeys.of(campaign).outbox())
                        .add(after.isEmpty() ? "-" : "(" + after)
                        .add(youngest)
                        .add("COUNT")
                        .add(limit);
        List<Entry> entries = new ArrayList<>();
        for (Object entry : list(connection.executeCommand(range))) {
            List<Object> idAndFields = list(entry);
            entries.add(
                    new Entry(
                            text(idAndFields.get(0)), coupon(campaign, list(idAndFields.get(1)))));
        }
        return entries;
    }

    private static @Nullable IssuedCoupon coupon(
            CampaignId campaign, List<Object> fieldsAndValues) {
        Map<String, String> fields = fields(fieldsAndValues);
        try {
            return new IssuedCoupon(
                    campaign,
                    new MemberId(fields.getOrDefault("member", "")),
                    Long.parseLong(fields.getOrDefault("serial", "")),
                    new CouponCode(fields.getOrDefault("code", "")),
                    Instant.ofEpochMilli(Long.parseLong(fields.getOrDefault("issuedAt", ""))),
                    Long.parseLong(fields.getOrDefault("epoch", "")));
        } catch (IllegalArgumentException e) {
            log.debug("An entry of an outbox does not hold what it should", e);
            return null;
        }
    }

    private static Map<String, String> fields(List<Object> fieldsAndValues) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < fieldsAndValues.size(); i += 2) {
            fields.put(text(fieldsAndValues.get(i)), text(fieldsAndValues.get(i + 1)));
        }
        return fields;
    }
}
