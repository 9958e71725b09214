package com.coupon.issuance.adapter.out.jdbc;

import com.coupon.issuance.port.out.AllowLists;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Allow-lists in the table {@code eligible_members}. Thread-safe. */
@ConsumerRole
final class JdbcAllowLists implements AllowLists {

    private static final int DELETED_AT_ONCE = 50_000;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    JdbcAllowLists(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transactions = new TransactionTemplate(transactions);
    }

    @Override
    public long begin() {
        return jdbc.sql("SELECT nextval('allow_lists')").query(Long.class).single();
    }

    @Override
    public int add(CampaignId campaign, long list, List<MemberId> members) {
        return jdbc.sql(
                        """
                        INSERT INTO eligible_members (campaign_id, allow_list, member_id)
                        SELECT :campaign, :list, member FROM unnest(:members::text[]) AS member
                        ON CONFLICT DO NOTHING
                        """)
                .param("campaign", campaign.value())
                .param("list", list)
                .param(
                        "members",
                        new SqlArrayValue("text", members.stream().map(MemberId::value).toArray()))
                .update();
    }

    @Override
    public List<MemberId> page(CampaignId campaign, long list, String after, int limit) {
        return jdbc.sql(
                        """
                        SELECT member_id FROM eligible_members
                        WHERE campaign_id = :campaign AND allow_list = :list AND member_id > :after
                        ORDER BY member_id LIMIT :limit
                        """)
                .param("campaign", campaign.value())
                .param("list", list)
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> new MemberId(row.getString("member_id")))
                .list();
    }

    @Override
    public Set<CampaignId> naming(MemberId member) {
        return Set.copyOf(
                jdbc.sql(
                                """
                                SELECT id FROM campaigns AS campaign
                                WHERE state <> 'ARCHIVED' AND EXISTS (
                                    SELECT FROM eligible_members
                                    WHERE campaign_id = campaign.id AND allow_list = campaign.allow_list
                                      AND member_id = :member)
                                """)
                        .param("member", member.value())
                        .query((row, number) -> new CampaignId(row.getString("id")))
                        .list());
    }

    @Override
    public void dropUnlessNamed(CampaignId campaign, long list) {
        transactions.executeWithoutResult(status -> {
            // Whoever is naming it at this moment holds the lock; how that ends is known after it.
            boolean named =
                    jdbc.sql("SELECT allow_list = :list FROM campaigns WHERE id = :id FOR UPDATE")
                            .param("list", list)
                            .param("id", campaign.value())
                            .query(Boolean.class)
                            .optional()
                            .orElse(false);
            if (!named) {
                while (delete("allow_list = :list", campaign, list) == DELETED_AT_ONCE) {}
            }
        });
    }

    @Override
    public void dropBefore(CampaignId campaign, long list) {
        while (delete("allow_list < :list", campaign, list) == DELETED_AT_ONCE) {}
    }

    /** One part of them, so that no statement takes longer than a connection waits. */
    private int delete(String condition, CampaignId campaign, long list) {
        return jdbc.sql(
                        """
                        DELETE FROM eligible_members WHERE ctid IN (
                            SELECT ctid FROM eligible_members
                            WHERE campaign_id = :campaign AND %s LIMIT :limit)
                        """
                                .formatted(condition))
                .param("campaign", campaign.value())
                .param("list", list)
                .param("limit", DELETED_AT_ONCE)
                .update();
    }
}
