package com.coupon.reconciliation.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * Reads a campaign from PostgreSQL and then from Redis, page by page as a comparison does, and does
 * nothing with it. Prints rows, their time, winners and their time, in ms.
 */
public final class BareReading {

    private static final int ROWS_AT_ONCE = 5_000;
    private static final int WINNERS_AT_ONCE = 1_000;

    private BareReading() {}

    /**
     * @param args JDBC URL, Redis as host:port, campaign
     */
    public static void main(String... args) throws SQLException {
        Instant began = Instant.now();
        long rows = rows(args[0], args[2]);
        Instant between = Instant.now();
        long winners = winners(args[1], args[2]);
        Instant ended = Instant.now();
        System.out.printf(
                "bare %d %d %d %d%n",
                rows,
                Duration.between(began, between).toMillis(),
                winners,
                Duration.between(between, ended).toMillis());
    }

    private static long rows(String url, String campaign) throws SQLException {
        long rows = 0;
        try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres")) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement =
                    connection.prepareStatement(
                            """
                            SELECT serial, member_id, code, issued_at, epoch, status
                            FROM coupon_issuances WHERE campaign_id = ?
                            """)) {
                statement.setFetchSize(ROWS_AT_ONCE);
                statement.setString(1, campaign);
                try (ResultSet found = statement.executeQuery()) {
                    while (found.next()) {
                        rows++;
                    }
                }
            }
        }
        return rows;
    }

    private static long winners(String redis, String campaign) {
        long winners = -1; // the marker
        byte[] key = ("coupon:{" + campaign + "}:participants").getBytes(US_ASCII);
        byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
        var page = new ScanParams().count(WINNERS_AT_ONCE);
        try (var connection = new Jedis(HostAndPort.from(redis))) {
            do {
                ScanResult<Map.Entry<byte[], byte[]>> found = connection.hscan(key, cursor, page);
                winners += found.getResult().size();
                cursor = found.getCursorAsBytes();
            } while (!new String(cursor, US_ASCII).equals("0"));
        }
        return winners;
    }
}
