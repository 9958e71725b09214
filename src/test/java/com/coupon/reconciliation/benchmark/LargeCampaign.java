package com.coupon.reconciliation.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** Plants as many coupons as there are in an open campaign, the same ones on both sides. */
final class LargeCampaign {

    private static final long FIRST_ISSUED_AT = 1_700_000_000_000L;
    private static final int ROWS_AT_ONCE = 500_000;
    private static final int WINNERS_AT_ONCE = 1_000;

    /** Members are not in the order of their serials. */
    static final long SCATTER = 7_919;

    private LargeCampaign() {}

    static void plant(String url, String redis, String campaign, int issuances)
            throws SQLException, NoSuchAlgorithmException {
        plantWinners(redis, campaign, issuances);
        plantRows(url, campaign, issuances);
    }

    private static void plantRows(String url, String campaign, int issuances) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            // the rules are for what comes from outside; these rows keep to them
            statement.execute("SET session_replication_role = replica");
            statement.execute("SET synchronous_commit = off");
            try (PreparedStatement insert =
                    connection.prepareStatement(
                            """
                            INSERT INTO coupon_issuances
                                (campaign_id, serial, member_id, code, epoch, issued_at, status)
                            SELECT ?, n, 'm' || lpad((n * ? % ?)::text, 10, '0'), left(md5(n::text), 20), 1,
                                   to_timestamp((? + n) / 1000.0), 'ISSUED'
                            FROM generate_series(?::bigint, ?::bigint) AS n
                            """)) {
                for (int from = 1; from <= issuances; from += ROWS_AT_ONCE) {
                    insert.setString(1, campaign);
                    insert.setLong(2, SCATTER);
                    insert.setLong(3, issuances);
                    insert.setLong(4, FIRST_ISSUED_AT);
                    insert.setLong(5, from);
                    insert.setLong(6, Math.min(from + ROWS_AT_ONCE - 1, issuances));
                    insert.executeUpdate();
                }
            }
            statement.execute("VACUUM ANALYZE coupon_issuances");
        }
    }

    private static void plantWinners(String redis, String campaign, int issuances)
            throws NoSuchAlgorithmException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        String prefix = "coupon:{" + campaign + "}:";
        try (var connection = new Jedis(HostAndPort.from(redis))) {
            for (int from = 1; from <= issuances; from += WINNERS_AT_ONCE * 10) {
                try (Pipeline pipeline = connection.pipelined()) {
                    int end = Math.min(from + WINNERS_AT_ONCE * 10 - 1, issuances);
                    for (int start = from; start <= end; start += WINNERS_AT_ONCE) {
                        Map<String, String> winners = new HashMap<>();
                        for (int n = start; n <= Math.min(start + WINNERS_AT_ONCE - 1, end); n++) {
                            byte[] digest = md5.digest(Integer.toString(n).getBytes(US_ASCII));
                            winners.put(
                                    "m%010d".formatted(n * SCATTER % issuances),
                                    n
                                            + ":"
                                            + HexFormat.of().formatHex(digest, 0, 10)
                                            + ":"
                                            + (FIRST_ISSUED_AT + n)
                                            + ":1:ISSUED");
                        }
                        pipeline.hset(prefix + "participants", winners);
                    }
                }
            }
            String all = Integer.toString(issuances);
            var counters = connection.multi();
            counters.hset(prefix + "campaign", Map.of("issued", all, "published", all));
            counters.set(prefix + "stock", "0");
            counters.exec();
        }
    }
}
