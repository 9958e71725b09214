package com.coupon.reconciliation.adapter.out.jdbc;

import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import com.coupon.shared.spi.PersonalData;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Forgets members in what reconciliations have found. Thread-safe. */
@ConsumerRole
final class JdbcFindingErasure implements PersonalData {

    private static final String OF_THE_MEMBER =
            "(member_id = :member OR redis->>'memberId' = :member OR ledger->>'memberId' = :member)";

    private final JdbcClient jdbc;

    JdbcFindingErasure(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<CampaignId> erase(MemberId member) {
        of(
                        """
                        UPDATE reconciliation_findings AS finding
                        SET member_id = CASE WHEN member_id = :member THEN 'erased' ELSE member_id END,
                            redis = CASE WHEN redis->>'memberId' = :member
                                         THEN jsonb_set(redis, '{memberId}', '"erased"') ELSE redis END,
                            ledger = CASE WHEN ledger->>'memberId' = :member
                                          THEN jsonb_set(ledger, '{memberId}', '"erased"') ELSE ledger END
                        WHERE %s AND EXISTS (
                            SELECT FROM reconciliation_runs AS run JOIN campaigns ON campaigns.id = run.campaign_id
                            WHERE run.id = finding.run_id AND campaigns.state = 'ARCHIVED')
                        """,
                        member)
                .update();
        return Set.copyOf(
                of(
                                """
                                SELECT DISTINCT run.campaign_id
                                FROM reconciliation_findings JOIN reconciliation_runs AS run ON run.id = run_id
                                WHERE %s
                                """,
                                member)
                        .query((row, number) -> new CampaignId(row.getString("campaign_id")))
                        .list());
    }

    private StatementSpec of(String sql, MemberId member) {
        return jdbc.sql(sql.formatted(OF_THE_MEMBER)).param("member", member.value());
    }
}
