package com.coupon.issuance.adapter.out.jdbc;

import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.ClaimWindow;
import com.coupon.issuance.domain.Coupon;
import com.coupon.issuance.domain.Eligibility;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The catalogue in the tables {@code campaigns} and {@code coupons}. Thread-safe. */
@ConsumerRole
final class JdbcCampaignCatalog implements CampaignCatalog {

    private static final String SELECT =
            """
            SELECT c.id, c.name, b.title, b.discount, b.valid_until, c.quantity, c.returned, c.opens_at, c.closes_at,
                   c.eligibility, c.state, c.version, c.epoch, c.armed
            FROM campaigns c JOIN coupons b ON b.id = c.coupon_id
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    JdbcCampaignCatalog(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transactions = new TransactionTemplate(transactions);
    }

    @Override
    public boolean add(Campaign campaign) {
        return transactions.execute(status -> {
            boolean added = insert(campaign);
            if (!added) {
                status.setRollbackOnly(); // the benefit goes with its campaign
            }
            return added;
        });
    }

    private boolean insert(Campaign campaign) {
        StatementSpec insert =
                jdbc.sql(
                        """
                        WITH benefit AS (
                            INSERT INTO coupons (title, discount, valid_until)
                            SELECT :title, :discount, :validUntil
                            WHERE NOT EXISTS (SELECT FROM campaigns WHERE id = :id)
                            RETURNING id)
                        INSERT INTO campaigns (id, coupon_id, name, quantity, returned, opens_at,
                                               closes_at, eligibility, state, version, epoch, armed)
                        SELECT :id, benefit.id, :name, :quantity, :returned, :opensAt,
                               :closesAt, :eligibility, :state, :version, :epoch, :armed
                        FROM benefit
                        ON CONFLICT (id) DO NOTHING
                        """);
        return withColumns(insert, campaign).update() == 1;
    }

    /** All that may stand in a statement about a campaign. */
    private static StatementSpec withColumns(StatementSpec sql, Campaign campaign) {
        return sql.param("id", campaign.id().value())
                .param("title", campaign.coupon().title())
                .param("discount", campaign.coupon().discount())
                .param("validUntil", timestamp(campaign.coupon().validUntil()))
                .param("name", campaign.name())
                .param("quantity", campaign.quantity())
                .param("returned", campaign.returned())
                .param("opensAt", timestamp(campaign.window().opensAt()))
                .param("closesAt", timestamp(campaign.window().closesAt()))
                .param("eligibility", campaign.eligibility().name())
                .param("state", campaign.state().name())
                .param("version", campaign.version())
                .param("epoch", campaign.epoch())
                .param("armed", campaign.armed());
    }

    @Override
    public Optional<Campaign> find(CampaignId campaign) {
        return jdbc.sql(SELECT + "WHERE c.id = :id")
                .param("id", campaign.value())
                .query(JdbcCampaignCatalog::campaign)
                .optional();
    }

    @Override
    public Optional<Campaign> update(CampaignId campaign, UnaryOperator<Campaign> change) {
        return transactions.execute(status -> {
            Optional<Campaign> stored =
                    jdbc.sql(SELECT + "WHERE c.id = :id FOR UPDATE OF c")
                            .param("id", campaign.value())
                            .query(JdbcCampaignCatalog::campaign)
                            .optional();
            Optional<Campaign> changed = stored.map(change);
            if (!changed.equals(stored)) {
                changed.ifPresent(this::store);
            }
            return changed;
        });
    }

    private void store(Campaign campaign) {
        StatementSpec update =
                jdbc.sql(
                        """
                        UPDATE campaigns
                        SET name = :name, quantity = :quantity, returned = :returned,
                            opens_at = :opensAt, closes_at = :closesAt, eligibility = :eligibility,
                            state = :state, version = :version, epoch = :epoch, armed = :armed
                        WHERE id = :id
                        """);
        withColumns(update, campaign).update();
    }

    @Override
    public List<Campaign> armed(String after, int limit) {
        return jdbc.sql(SELECT + "WHERE c.armed AND c.id > :after ORDER BY c.id LIMIT :limit")
                .param("after", after)
                .param("limit", limit)
                .query(JdbcCampaignCatalog::campaign)
                .list();
    }

    private static Campaign campaign(ResultSet row, int number) throws SQLException {
        return new Campaign(
                new CampaignId(row.getString("id")),
                row.getString("name"),
                new Coupon(
                        row.getString("title"),
                        row.getString("discount"),
                        instant(row, "valid_until")),
                row.getLong("quantity"),
                row.getLong("returned"),
                new ClaimWindow(
                        row.getObject("opens_at", OffsetDateTime.class).toInstant(),
                        instant(row, "closes_at")),
                Eligibility.valueOf(row.getString("eligibility")),
                CampaignState.valueOf(row.getString("state")),
                row.getLong("version"),
                row.getLong("epoch"),
                row.getBoolean("armed"));
    }

    private static @Nullable OffsetDateTime timestamp(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
