package com.coupon.persistence.adapter.out.jdbc;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.persistence.port.in.ReadLedger;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads the ledger for comparisons. There is nothing to decide between the asking and the database,
 * so this answers the module's port by itself. Thread-safe.
 */
@ConsumerRole
final class JdbcLedgerReading implements ReadLedger {

    /** Rows that are fetched at once: a page of some 500 KB. */
    private static final int FETCHED_AT_ONCE = 5_000;

    /** The instant as a number, because a campaign may have many millions of rows. */
    private static final String ROWS =
            """
            SELECT i.serial, i.member_id, i.code, (extract(epoch FROM i.issued_at) * 1000)::bigint, i.epoch,
                   i.status = 'REVOKED', r.serial IS NOT NULL
            FROM coupon_issuances i
            LEFT JOIN revocations r
                ON r.campaign_id = i.campaign_id AND r.serial = i.serial AND r.completed_at IS NULL
            """;

    private final JdbcClient jdbc;
    private final JdbcTemplate cursors;
    private final TransactionTemplate snapshots;

    JdbcLedgerReading(
            JdbcClient jdbc, JdbcTemplate template, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.cursors = template;
        this.snapshots = new TransactionTemplate(transactions);
        this.snapshots.setReadOnly(true);
        this.snapshots.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    @Override
    public void stream(CampaignId campaign, Consumer<Row> rows) {
        // The driver fetches page by page only within a transaction, and only forward. One
        // statement
        // sees the database as it was when it began.
        snapshots.executeWithoutResult(transaction ->
                cursors.query(
                        connection -> cursor(connection, campaign),
                        (ResultSet row) -> rows.accept(row(campaign, row))));
    }

    private static PreparedStatement cursor(Connection connection, CampaignId campaign)
            throws SQLException {
        PreparedStatement statement =
                connection.prepareStatement(
                        ROWS + "WHERE i.campaign_id = ?",
                        ResultSet.TYPE_FORWARD_ONLY,
                        ResultSet.CONCUR_READ_ONLY);
        statement.setFetchSize(FETCHED_AT_ONCE);
        statement.setString(1, campaign.value());
        return statement;
    }

    @Override
    public List<Row> rows(CampaignId campaign, long after, long upTo, int limit) {
        return jdbc.sql(
                        ROWS
                                + """
                                WHERE i.campaign_id = :campaign AND i.serial > :after AND i.serial <= :upTo
                                ORDER BY i.serial LIMIT :limit
                                """)
                .param("campaign", campaign.value())
                .param("after", after)
                .param("upTo", upTo)
                .param("limit", limit)
                .query((row, number) -> row(campaign, row))
                .list();
    }

    @Override
    public List<Row> rowsOf(
            CampaignId campaign, Collection<Long> serials, Collection<MemberId> members) {
        // Each half by its own index; OR would read neither.
        return jdbc.sql(
                        ROWS
                                + "WHERE i.campaign_id = :campaign AND i.serial = ANY (:serials) UNION "
                                + ROWS
                                + "WHERE i.campaign_id = :campaign AND i.member_id = ANY (:members)")
                .param("campaign", campaign.value())
                .param("serials", new SqlArrayValue("bigint", serials.toArray()))
                .param(
                        "members",
                        new SqlArrayValue("text", members.stream().map(MemberId::value).toArray()))
                .query((row, number) -> row(campaign, row))
                .list();
    }

    private static Row row(CampaignId campaign, ResultSet row) throws SQLException {
        return new Row(
                new IssuedCoupon(
                        campaign,
                        new MemberId(row.getString(2)),
                        row.getLong(1),
                        new CouponCode(row.getString(3)),
                        Instant.ofEpochMilli(row.getLong(4)),
                        row.getLong(5)),
                row.getBoolean(6),
                row.getBoolean(7));
    }

    @Override
    public Set<Long> voided(CampaignId campaign, Collection<Long> serials) {
        return jdbc.sql(
                        """
                        SELECT serial FROM voided_serials
                        WHERE campaign_id = :campaign AND serial = ANY (:serials)
                        """)
                .param("campaign", campaign.value())
                .param("serials", new SqlArrayValue("bigint", serials.toArray()))
                .query((row, number) -> row.getLong(1))
                .set();
    }

    @Override
    public long countVoided(CampaignId campaign) {
        return jdbc.sql("SELECT count(*) FROM voided_serials WHERE campaign_id = :campaign")
                .param("campaign", campaign.value())
                .query(Long.class)
                .single();
    }

    @Override
    public Map<Long, Long> openLetters(CampaignId campaign, Collection<Long> serials) {
        Map<Long, Long> letters = new HashMap<>();
        jdbc.sql(
                        """
                        SELECT serial, max(id) FROM dead_letters
                        WHERE campaign_id = :campaign AND status = 'OPEN' AND serial = ANY (:serials)
                        GROUP BY serial
                        """)
                .param("campaign", campaign.value())
                .param("serials", new SqlArrayValue("bigint", serials.toArray()))
                .query((ResultSet row) -> {
                    letters.put(row.getLong(1), row.getLong(2));
                });
        return letters;
    }
}
