package com.coupon.faults;

import com.coupon.history.History.Event;
import com.coupon.history.History.Row;
import com.coupon.history.History.Status;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The ledger as the database has it, read apart from the service. */
record Database(String url) {

    private interface Reader<T> {

        T read(ResultSet row) throws SQLException;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "postgres", "postgres");
    }

    List<Row> rows(String campaign) throws SQLException {
        return query(
                "SELECT member_id, serial, code, epoch, status FROM coupon_issuances WHERE campaign_id = ?",
                campaign,
                row ->
                        new Row(
                                row.getString(1),
                                row.getLong(2),
                                row.getString(3),
                                row.getLong(4),
                                Status.valueOf(row.getString(5))));
    }

    List<Long> voids(String campaign) throws SQLException {
        return query(
                "SELECT serial FROM voided_serials WHERE campaign_id = ?",
                campaign,
                row -> row.getLong(1));
    }

    /** Takes a campaign out of the way of what follows, with its ledger kept. */
    void retire(String campaign) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "UPDATE campaigns SET state = 'DRAFT', armed = false WHERE id = ?")) {
            statement.setString(1, campaign);
            statement.executeUpdate();
        }
    }

    long epoch(String campaign) throws SQLException {
        return query("SELECT epoch FROM campaigns WHERE id = ?", campaign, row -> row.getLong(1))
                .getFirst();
    }

    /** Events that were refused and are kept as dead letters, decided on or not. */
    List<Event> deadLetters(String campaign) throws SQLException {
        return query(
                "SELECT epoch, serial, member_id, code FROM dead_letters WHERE campaign_id = ? AND code IS NOT NULL",
                campaign,
                row ->
                        new Event(
                                row.getLong(1),
                                row.getLong(2),
                                row.getString(3),
                                row.getString(4)));
    }

    private <T> List<T> query(String sql, String campaign, Reader<T> reader) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, campaign);
            List<T> all = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    all.add(reader.read(rows));
                }
            }
            return all;
        } catch (SQLException e) {
            // A schema that does not know of them yet has none
            if ("42P01".equals(e.getSQLState())) {
                return List.of();
            }
            throw e;
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
