package com.coupon.issuance.adapter.out.jdbc;

import com.coupon.issuance.domain.AllowList;
import com.coupon.issuance.domain.Campaign;
import com.coupon.issuance.domain.CampaignPlan;
import com.coupon.issuance.domain.CampaignState;
import com.coupon.issuance.domain.ClaimWindow;
import com.coupon.issuance.domain.Coupon;
import com.coupon.issuance.domain.Eligibility;
import com.coupon.issuance.domain.StockAdjustment;
import com.coupon.issuance.domain.StockAdjustmentResult;
import com.coupon.issuance.domain.StockAdjustmentResult.Adjusted;
import com.coupon.issuance.port.out.CampaignCatalog;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.InvalidValueException;
import com.coupon.shared.audit.AuditLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The catalogue in the tables {@code campaigns}, {@code coupons} and {@code stock_adjustments}.
 * Every change an operator makes is in the audit log by the same transaction. Thread-safe.
 */
@ConsumerRole
final class JdbcCampaignCatalog implements CampaignCatalog {

    private static final String SELECT =
            """
            SELECT c.id, c.name, b.title, b.discount, b.valid_until, c.quantity, c.returned, c.opens_at, c.closes_at,
                   c.eligibility, c.state, c.allow_list, c.allow_list_members, c.retained_until, c.version, c.epoch, c.armed
            FROM campaigns c JOIN coupons b ON b.id = c.coupon_id
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final AuditLog audit;

    JdbcCampaignCatalog(JdbcClient jdbc, PlatformTransactionManager transactions, AuditLog audit) {
        this.jdbc = jdbc;
        this.transactions = new TransactionTemplate(transactions);
        this.audit = audit;
    }

    @Override
    public boolean add(Campaign campaign) {
        return transactions.execute(status -> {
            boolean added = insert(campaign);
            if (added) {
                audit.record("campaign.created", campaign.id().value(), null, campaign);
            } else {
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
                        INSERT INTO campaigns (id, coupon_id, name, quantity, returned, opens_at, closes_at, eligibility,
                                               state, allow_list, allow_list_members, retained_until, version, epoch, armed)
                        SELECT :id, benefit.id, :name, :quantity, :returned, :opensAt, :closesAt, :eligibility,
                               :state, :allowList, :allowListMembers, :retainedUntil, :version, :epoch, :armed
                        FROM benefit
                        ON CONFLICT (id) DO NOTHING
                        """);
        return withColumns(insert, campaign).update() == 1;
    }

    /** All that may stand in a statement about a campaign. */
    private static StatementSpec withColumns(StatementSpec sql, Campaign campaign) {
        CampaignPlan plan = campaign.plan();
        return sql.param("id", campaign.id().value())
                .param("title", plan.coupon().title())
                .param("discount", plan.coupon().discount())
                .param("validUntil", timestamp(plan.coupon().validUntil()))
                .param("name", plan.name())
                .param("quantity", plan.quantity())
                .param("returned", campaign.returned())
                .param("opensAt", timestamp(plan.window().opensAt()))
                .param("closesAt", timestamp(plan.window().closesAt()))
                .param("eligibility", plan.eligibility().name())
                .param("state", campaign.state().name())
                .param("allowList", campaign.allowList().number())
                .param("allowListMembers", campaign.allowList().members())
                .param("retainedUntil", timestamp(campaign.retainedUntil()))
                .param("version", campaign.version())
                .param("epoch", campaign.epoch())
                .param("armed", campaign.armed());
    }

    @Override
    public Optional<Campaign> find(CampaignId campaign) {
        return find(campaign, "");
    }

    private Optional<Campaign> lock(CampaignId campaign) {
        return find(campaign, "FOR UPDATE OF c");
    }

    private Optional<Campaign> find(CampaignId campaign, String lock) {
        return jdbc.sql(SELECT + "WHERE c.id = :id " + lock)
                .param("id", campaign.value())
                .query(JdbcCampaignCatalog::campaign)
                .optional();
    }

    @Override
    public Optional<Campaign> update(
            CampaignId campaign, String action, UnaryOperator<Campaign> change) {
        return transactions.execute(status -> {
            Optional<Campaign> stored = lock(campaign);
            Optional<Campaign> changed = stored.map(change);
            if (!changed.equals(stored)) {
                store(changed.orElseThrow());
                audit.record(action, campaign.value(), stored.orElseThrow(), changed.orElseThrow());
            }
            return changed;
        });
    }

    private void store(Campaign campaign) {
        withColumns(
                        jdbc.sql(
                                """
                                WITH benefit AS (
                                    UPDATE coupons
                                    SET title = :title, discount = :discount, valid_until = :validUntil
                                    WHERE id = (SELECT coupon_id FROM campaigns WHERE id = :id))
                                UPDATE campaigns
                                SET name = :name, quantity = :quantity, returned = :returned,
                                    opens_at = :opensAt, closes_at = :closesAt, eligibility = :eligibility,
                                    state = :state, allow_list = :allowList,
                                    allow_list_members = :allowListMembers, retained_until = :retainedUntil,
                                    version = :version, epoch = :epoch, armed = :armed
                                WHERE id = :id
                                """),
                        campaign)
                .update();
    }

    @Override
    public StockAdjustmentResult adjust(StockAdjustment adjustment, Predicate<Campaign> lowered) {
        try {
            return transactions.execute(status -> {
                if (!isAlone(adjustment)) {
                    return new StockAdjustmentResult.KeyInFlight();
                }
                return earlier(adjustment)
                        .orElseGet(() ->
                                lock(adjustment.campaign())
                                        .map(stored -> adjust(stored, adjustment, lowered))
                                        .orElseGet(StockAdjustmentResult.UnknownCampaign::new));
            });
        } catch (DataIntegrityViolationException e) {
            if (!String.valueOf(e.getMessage()).contains("has issued more than")) {
                throw e;
            }
            // The ledger has more than Redis knows of.
            return new StockAdjustmentResult.BelowIssued();
        }
    }

    /** Whether no other transaction is about the same key; holds until the end of this one. */
    private boolean isAlone(StockAdjustment adjustment) {
        return jdbc.sql("SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0))")
                .param("key", adjustment.campaign() + " " + adjustment.key())
                .query(Boolean.class)
                .single();
    }

    private Optional<StockAdjustmentResult> earlier(StockAdjustment adjustment) {
        return jdbc.sql(
                        """
                        SELECT delta, reason, quantity, version FROM stock_adjustments
                        WHERE campaign_id = :campaign AND idempotency_key = :key
                        """)
                .param("campaign", adjustment.campaign().value())
                .param("key", adjustment.key())
                .<StockAdjustmentResult>query((row, number) ->
                        row.getLong("delta") == adjustment.delta()
                                        && row.getString("reason").equals(adjustment.reason())
                                ? new Adjusted(
                                        adjustment, row.getLong("quantity"), row.getLong("version"))
                                : new StockAdjustmentResult.KeyReused())
                .optional();
    }

    private StockAdjustmentResult adjust(
            Campaign stored, StockAdjustment adjustment, Predicate<Campaign> lowered) {
        Campaign adjusted = stored.adjusted(adjustment.delta());
        if (adjustment.delta() < 0 && stored.armed() && !lowered.test(adjusted)) {
            return new StockAdjustmentResult.BelowIssued();
        }
        store(adjusted);
        jdbc.sql(
                        """
                        INSERT INTO stock_adjustments
                            (campaign_id, idempotency_key, delta, reason, quantity, version)
                        VALUES (:campaign, :key, :delta, :reason, :quantity, :version)
                        """)
                .param("campaign", adjustment.campaign().value())
                .param("key", adjustment.key())
                .param("delta", adjustment.delta())
                .param("reason", adjustment.reason())
                .param("quantity", adjusted.plan().quantity())
                .param("version", adjusted.version())
                .update();
        audit.record("stock.adjusted", adjustment.campaign().value(), stored, adjusted);
        return new Adjusted(adjustment, adjusted.plan().quantity(), adjusted.version());
    }

    @Override
    public Optional<Campaign> outrun(Campaign seen, long version) {
        // A change that is being made holds the row's lock, and has another version once it is
        // made.
        return update(
                seen.id(),
                "campaign.reasserted",
                stored ->
                        stored.version() == seen.version()
                                ? stored.withVersionAbove(version)
                                : stored);
    }

    @Override
    public List<Campaign> list(String after, @Nullable CampaignState state, int limit) {
        return page("(:state::text IS NULL OR c.state = :state)", after, limit)
                .param("state", state == null ? null : state.name())
                .query(JdbcCampaignCatalog::campaign)
                .list();
    }

    @Override
    public List<Campaign> armed(String after, int limit) {
        return page("c.armed", after, limit).query(JdbcCampaignCatalog::campaign).list();
    }

    private StatementSpec page(String condition, String after, int limit) {
        return jdbc.sql(
                        SELECT
                                + "WHERE "
                                + condition
                                + " AND c.id > :after ORDER BY c.id LIMIT :limit")
                .param("after", after)
                .param("limit", limit);
    }

    private static Campaign campaign(ResultSet row, int number) throws SQLException {
        try {
            return read(row);
        } catch (InvalidValueException e) {
            throw new IllegalStateException("The catalogue holds what is no campaign.", e);
        }
    }

    private static Campaign read(ResultSet row) throws SQLException {
        return new Campaign(
                new CampaignId(row.getString("id")),
                new CampaignPlan(
                        row.getString("name"),
                        new Coupon(
                                row.getString("title"),
                                row.getString("discount"),
                                instant(row, "valid_until")),
                        row.getLong("quantity"),
                        new ClaimWindow(
                                row.getObject("opens_at", OffsetDateTime.class).toInstant(),
                                instant(row, "closes_at")),
                        Eligibility.valueOf(row.getString("eligibility"))),
                row.getLong("returned"),
                CampaignState.valueOf(row.getString("state")),
                new AllowList(row.getLong("allow_list"), row.getLong("allow_list_members")),
                instant(row, "retained_until"),
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
