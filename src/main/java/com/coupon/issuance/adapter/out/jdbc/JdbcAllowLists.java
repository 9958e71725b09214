package com.coupon.issuance.adapter.out.jdbc;

import com.coupon.issuance.port.out.AllowLists;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/** Allow-lists in the table {@code eligible_members}. Thread-safe. */
@ConsumerRole
final class JdbcAllowLists implements AllowLists {

    private final JdbcClient jdbc;

    JdbcAllowLists(JdbcClient jdbc) {
        this.jdbc = jdbc;
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
    public void drop(CampaignId campaign, long list) {
        delete("allow_list = :list", campaign, list);
    }

    @Override
    public void dropBefore(CampaignId campaign, long list) {
        delete("allow_list < :list", campaign, list);
    }

    private void delete(String condition, CampaignId campaign, long list) {
        jdbc.sql("DELETE FROM eligible_members WHERE campaign_id = :campaign AND " + condition)
                .param("campaign", campaign.value())
                .param("list", list)
                .update();
    }
}
