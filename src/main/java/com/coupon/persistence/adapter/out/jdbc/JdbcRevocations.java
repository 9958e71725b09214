package com.coupon.persistence.adapter.out.jdbc;

import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.domain.Revocation;
import com.coupon.persistence.port.out.Revocations;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.audit.AuditLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Revocations in the table of their name, and their mark in the ledger. Both are in the audit log
 * by the same transaction. Thread-safe.
 */
@ConsumerRole
final class JdbcRevocations implements Revocations {

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final AuditLog audit;

    JdbcRevocations(JdbcClient jdbc, PlatformTransactionManager transactions, AuditLog audit) {
        this.jdbc = jdbc;
        this.transactions = new TransactionTemplate(transactions);
        this.audit = audit;
    }

    /**
     * What the audit log keeps of a coupon: whose it is can be looked up as long as it is known.
     */
    private record Snapshot(long serial, String status, Revocation revocation) {}

    @Override
    public Optional<Issuance> issuance(CampaignId campaign, long serial) {
        return jdbc.sql(
                        """
                        SELECT campaign_id, member_id, serial, code, epoch, issued_at, status, recorded_at
                        FROM coupon_issuances WHERE campaign_id = :campaign AND serial = :serial
                        """)
                .param("campaign", campaign.value())
                .param("serial", serial)
                .query(JdbcLedger::issuance)
                .optional();
    }

    @Override
    public Revocation request(Revocation revocation) {
        return transactions.execute(status -> {
            int noted =
                    of(
                                    """
                                    INSERT INTO revocations (campaign_id, serial, reason, return_to_stock)
                                    VALUES (:campaign, :serial, :reason, :returnToStock)
                                    ON CONFLICT DO NOTHING
                                    """,
                                    revocation)
                            .param("reason", revocation.reason())
                            .param("returnToStock", revocation.returnToStock())
                            .update();
            if (noted == 1) {
                audit.record(
                        "revocation.requested",
                        revocation.campaign().value(),
                        null,
                        new Snapshot(revocation.serial(), "ISSUED", revocation));
            }
            return of(
                            """
                            SELECT campaign_id, serial, reason, return_to_stock FROM revocations
                            WHERE campaign_id = :campaign AND serial = :serial
                            """,
                            revocation)
                    .query(JdbcRevocations::revocation)
                    .single();
        });
    }

    @Override
    public List<Revocation> incomplete(@Nullable Revocation after, int limit) {
        return jdbc.sql(
                        """
                        SELECT campaign_id, serial, reason, return_to_stock FROM revocations
                        WHERE completed_at IS NULL AND (campaign_id, serial) > (:campaign, :serial)
                        ORDER BY campaign_id, serial LIMIT :limit
                        """)
                .param("campaign", after == null ? "" : after.campaign().value())
                .param("serial", after == null ? 0 : after.serial())
                .param("limit", limit)
                .query(JdbcRevocations::revocation)
                .list();
    }

    @Override
    public Set<Long> noted(CampaignId campaign, long after, long upTo) {
        return Set.copyOf(
                jdbc.sql(
                                """
                                SELECT serial FROM revocations
                                WHERE campaign_id = :campaign AND serial > :after AND serial <= :upTo
                                """)
                        .param("campaign", campaign.value())
                        .param("after", after)
                        .param("upTo", upTo)
                        .query(Long.class)
                        .list());
    }

    @Override
    public void complete(Revocation revocation, Runnable first) {
        transactions.executeWithoutResult(status -> {
            int completed =
                    of(
                                    """
                                    UPDATE revocations SET completed_at = now()
                                    WHERE campaign_id = :campaign AND serial = :serial AND completed_at IS NULL
                                    """,
                                    revocation)
                            .update();
            if (completed == 1) {
                first.run();
                of(
                                """
                                UPDATE coupon_issuances SET status = 'REVOKED'
                                WHERE campaign_id = :campaign AND serial = :serial
                                """,
                                revocation)
                        .update();
                audit.record(
                        "issuance.revoked",
                        revocation.campaign().value(),
                        new Snapshot(revocation.serial(), "ISSUED", revocation),
                        new Snapshot(revocation.serial(), "REVOKED", revocation));
            }
        });
    }

    private StatementSpec of(String sql, Revocation revocation) {
        return jdbc.sql(sql)
                .param("campaign", revocation.campaign().value())
                .param("serial", revocation.serial());
    }

    private static Revocation revocation(ResultSet row, int number) throws SQLException {
        return new Revocation(
                new CampaignId(row.getString("campaign_id")),
                row.getLong("serial"),
                row.getString("reason"),
                row.getBoolean("return_to_stock"));
    }
}
