package com.coupon.persistence.adapter.out.jdbc;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.domain.IssuanceFilter;
import com.coupon.persistence.domain.Recorded;
import com.coupon.persistence.domain.UnrecordableException;
import com.coupon.persistence.domain.UnrecordableException.Reason;
import com.coupon.persistence.port.in.CountIssuances.IssuanceCount;
import com.coupon.persistence.port.out.Ledger;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.retry.support.RetryTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The ledger in the tables {@code coupon_issuances} and {@code voided_serials}, one statement for
 * each batch. Thread-safe.
 *
 * <p>Campaigns are locked before their coupons, everywhere: shared by those that record, alone by
 * those that rebuild. Whoever records while a campaign is rebuilt waits with empty hands, and is
 * judged by what the campaign has become.
 *
 * <p>A transaction that loses a deadlock or a serialization conflict is tried three times at once,
 * because the next try mostly succeeds; all else is for the caller's back-off. This is the one
 * place that knows spring-retry.
 */
@ConsumerRole
final class JdbcLedger implements Ledger {

    private static final int TRIES = 3;
    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 200;

    private static final int LONGEST_COUNT_SECONDS = 5;

    /** What the database calls the rule that a row of an epoch that is over is none any more. */
    private static final String LATE = "epoch_not_over";

    private static final Comparator<IssuedCoupon> LOCK_ORDER =
            Comparator.comparing(IssuedCoupon::campaign).thenComparingLong(IssuedCoupon::serial);

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final TransactionTemplate callers;
    private final TransactionTemplate nested;
    private final RetryTemplate retries =
            RetryTemplate.builder()
                    .maxAttempts(TRIES)
                    .exponentialBackoff(FIRST_PAUSE_MILLIS, 2, LONGEST_PAUSE_MILLIS, true)
                    .retryOn(PessimisticLockingFailureException.class)
                    .build();

    JdbcLedger(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transactions = new TransactionTemplate(transactions);
        this.callers = new TransactionTemplate(transactions);
        this.callers.setPropagationBehavior(TransactionDefinition.PROPAGATION_MANDATORY);
        this.nested = new TransactionTemplate(transactions);
        this.nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    }

    @Override
    public Recorded add(List<IssuedCoupon> coupons) {
        if (coupons.isEmpty()) {
            return new Recorded(List.of(), 0, List.of());
        }
        try {
            return retries.execute(attempt -> transactions.execute(transaction -> insert(coupons)));
        } catch (DataIntegrityViolationException e) {
            throw refusal(e);
        }
    }

    /**
     * What the database says without its details, which quote the row and with it member and code.
     */
    private static UnrecordableException refusal(DataIntegrityViolationException failure) {
        ServerErrorMessage said =
                failure.getMostSpecificCause() instanceof PSQLException e
                        ? e.getServerErrorMessage()
                        : null;
        String message = said == null ? null : said.getMessage();
        return new UnrecordableException(
                said != null && LATE.equals(said.getConstraint()) ? Reason.LATE : Reason.REFUSED,
                "The ledger refuses: " + (message == null ? "a constraint" : message),
                failure);
    }

    private Recorded insert(List<IssuedCoupon> coupons) {
        // In one order everywhere, so that two consumers with the same coupons wait for each other
        // and do not deadlock.
        List<IssuedCoupon> sorted = coupons.stream().sorted(LOCK_ORDER).toList();
        List<IssuedCoupon> inserted =
                withColumns(
                                jdbc.sql(
                                        """
                                        WITH locked AS MATERIALIZED (
                                            SELECT id FROM campaigns WHERE id = ANY (:campaigns::text[])
                                            ORDER BY id FOR SHARE)
                                        INSERT INTO coupon_issuances
                                            (campaign_id, member_id, serial, code, epoch, issued_at, status)
                                        SELECT campaign_id, member_id, serial, code, epoch, issued_at, 'ISSUED'
                                        FROM unnest(:campaigns::text[], :members::text[], :serials::bigint[],
                                                    :codes::text[], :epochs::bigint[], :issuedAts::timestamptz[])
                                            AS event (campaign_id, member_id, serial, code, epoch, issued_at)
                                        WHERE (SELECT count(*) FROM locked) >= 0 -- all locks before the first row
                                        ON CONFLICT DO NOTHING
                                        RETURNING campaign_id, member_id, serial, code, epoch, issued_at
                                        """),
                                sorted)
                        .query(JdbcLedger::coupon)
                        .list();
        List<IssuedCoupon> conflicts =
                inserted.size() == coupons.size() ? List.of() : conflicts(sorted);
        return new Recorded(
                inserted, coupons.size() - inserted.size() - conflicts.size(), conflicts);
    }

    /** Those that the ledger, which by now has a row in the way of each, does not have just so. */
    private List<IssuedCoupon> conflicts(List<IssuedCoupon> coupons) {
        Set<String> stored =
                new HashSet<>(
                        withColumns(
                                        jdbc.sql(
                                                """
                                                SELECT campaign_id, member_id, serial, code, epoch, issued_at
                                                FROM coupon_issuances
                                                WHERE (campaign_id, serial) IN
                                                    (SELECT * FROM unnest(:campaigns::text[], :serials::bigint[]))
                                                """),
                                        coupons)
                                .query((row, number) -> identity(coupon(row, number)))
                                .list());
        return coupons.stream().filter(coupon -> !stored.contains(identity(coupon))).toList();
    }

    @Override
    public List<IssuedCoupon> missing(CampaignId campaign, List<IssuedCoupon> coupons) {
        Set<String> stored =
                new HashSet<>(
                        jdbc.sql(
                                        """
                                        SELECT campaign_id, member_id, serial, code, epoch, issued_at
                                        FROM coupon_issuances
                                        WHERE campaign_id = :campaign AND serial = ANY (:serials)
                                        """)
                                .param("campaign", campaign.value())
                                .param("serials", column("bigint", coupons, IssuedCoupon::serial))
                                .query((row, number) -> identity(coupon(row, number)))
                                .list());
        return coupons.stream().filter(coupon -> !stored.contains(identity(coupon))).toList();
    }

    /** What two deliveries of the same coupon have in common. */
    private static String identity(IssuedCoupon coupon) {
        return String.join(
                " ",
                coupon.campaign().value(),
                Long.toString(coupon.serial()),
                coupon.code().value(),
                coupon.member().value());
    }

    private static StatementSpec withColumns(StatementSpec sql, List<IssuedCoupon> coupons) {
        return sql.param("campaigns", column("text", coupons, coupon -> coupon.campaign().value()))
                .param("members", column("text", coupons, coupon -> coupon.member().value()))
                .param("serials", column("bigint", coupons, IssuedCoupon::serial))
                .param("codes", column("text", coupons, coupon -> coupon.code().value()))
                .param("epochs", column("bigint", coupons, IssuedCoupon::epoch))
                .param("issuedAts", column("timestamptz", coupons, IssuedCoupon::issuedAt));
    }

    private static SqlArrayValue column(
            String type, List<IssuedCoupon> coupons, Function<IssuedCoupon, Object> value) {
        return new SqlArrayValue(type, coupons.stream().map(value).toArray());
    }

    static IssuedCoupon coupon(ResultSet row, int number) throws SQLException {
        return new IssuedCoupon(
                new CampaignId(row.getString("campaign_id")),
                new MemberId(row.getString("member_id")),
                row.getLong("serial"),
                new CouponCode(row.getString("code")),
                row.getObject("issued_at", OffsetDateTime.class).toInstant(),
                row.getLong("epoch"));
    }

    @Override
    public List<Issuance> page(CampaignId campaign, IssuanceFilter filter, long after, int limit) {
        // Conditions that are not asked for are not there at all, so that each shape has its plan.
        StatementSpec query =
                jdbc.sql(
                        """
                        SELECT campaign_id, member_id, serial, code, epoch, issued_at, status, recorded_at
                        FROM coupon_issuances
                        WHERE campaign_id = :campaign AND serial > :after %s %s
                        ORDER BY serial
                        LIMIT :limit
                        """
                                .formatted(
                                        filter.member() == null ? "" : "AND member_id = :member",
                                        filter.status() == null ? "" : "AND status = :status"));
        if (filter.member() != null) {
            query.param("member", filter.member().value());
        }
        if (filter.status() != null) {
            query.param("status", filter.status().name());
        }
        return query.param("campaign", campaign.value())
                .param("after", after)
                .param("limit", limit)
                .query(JdbcLedger::issuance)
                .list();
    }

    static Issuance issuance(ResultSet row, int number) throws SQLException {
        return new Issuance(
                coupon(row, number),
                Issuance.Status.valueOf(row.getString("status")),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant());
    }

    @Override
    public IssuanceCount count(CampaignId campaign) {
        return jdbc.sql(
                        """
                        SELECT count(*) AS recorded, count(*) FILTER (WHERE status = 'REVOKED') AS revoked,
                               (SELECT count(*) FROM voided_serials WHERE campaign_id = :campaign) AS voided,
                               (SELECT count(*) FROM dead_letters
                                WHERE campaign_id = :campaign AND status = 'OPEN') AS dead_letters
                        FROM coupon_issuances
                        WHERE campaign_id = :campaign
                        """)
                .param("campaign", campaign.value())
                .withQueryTimeout(LONGEST_COUNT_SECONDS)
                .query((row, number) ->
                        new IssuanceCount(
                                row.getLong("recorded"),
                                row.getLong("revoked"),
                                row.getLong("voided"),
                                row.getLong("dead_letters")))
                .single();
    }

    /** A campaign that is locked until the transaction ends. */
    private record Locked(long stock, long epoch) {}

    private Optional<Locked> lock(CampaignId campaign) {
        return jdbc.sql(
                        """
                        SELECT quantity + returned AS stock, epoch FROM campaigns WHERE id = :campaign FOR UPDATE
                        """)
                .param("campaign", campaign.value())
                .query((row, number) -> new Locked(row.getLong("stock"), row.getLong("epoch")))
                .optional();
    }

    @Override
    public long highest(CampaignId campaign) {
        return jdbc.sql(
                        """
                        SELECT greatest(
                            coalesce((SELECT max(serial) FROM coupon_issuances WHERE campaign_id = :campaign), 0),
                            coalesce((SELECT max(serial) FROM voided_serials WHERE campaign_id = :campaign), 0))
                        """)
                .param("campaign", campaign.value())
                .query(Long.class)
                .single();
    }

    @Override
    public long settle(CampaignId campaign, long fence) {
        return callers.execute(transaction ->
                lock(campaign).map(locked -> settle(campaign, fence, locked)).orElse(0L));
    }

    /** Walks along what is there in order and fills the gaps, so it costs what is there. */
    private long settle(CampaignId campaign, long fence, Locked locked) {
        return jdbc.sql(
                        """
                        WITH highest AS MATERIALIZED (
                            SELECT least(:stock, greatest(
                                :fence,
                                coalesce((SELECT max(serial) FROM coupon_issuances WHERE campaign_id = :campaign), 0),
                                coalesce((SELECT max(serial) FROM voided_serials WHERE campaign_id = :campaign), 0)))
                                AS serial),
                        voided AS (
                            INSERT INTO voided_serials (campaign_id, serial, epoch)
                            SELECT :campaign, gap, :epoch
                            FROM (SELECT serial, lag(serial, 1, 0::bigint) OVER (ORDER BY serial) AS before
                                  FROM (SELECT serial FROM coupon_issuances WHERE campaign_id = :campaign
                                        UNION ALL
                                        SELECT serial FROM voided_serials WHERE campaign_id = :campaign
                                        UNION ALL
                                        SELECT serial + 1 FROM highest) AS taken) AS step,
                                 generate_series(step.before + 1, step.serial - 1) AS gap
                            WHERE step.serial - step.before > 1)
                        SELECT serial FROM highest
                        """)
                .param("campaign", campaign.value())
                .param("stock", locked.stock())
                .param("epoch", locked.epoch())
                .param("fence", fence)
                .query(Long.class)
                .single();
    }

    @Override
    public boolean revive(IssuedCoupon coupon, Vacancy vacancy) {
        try {
            boolean revived =
                    nested.execute(transaction -> {
                        boolean recorded =
                                lock(coupon.campaign())
                                        .filter(locked -> isWithin(coupon, locked))
                                        .filter(locked ->
                                                unvoid(coupon) || vacancy == Vacancy.VOID_OR_FREE)
                                        .map(locked -> insert(coupon, locked.epoch()))
                                        .orElse(false);
                        if (!recorded) {
                            transaction.setRollbackOnly(); // what is void stays void
                        }
                        return recorded;
                    });
            return revived || conflicts(List.of(coupon)).isEmpty();
        } catch (DataIntegrityViolationException e) {
            return false;
        }
    }

    private static boolean isWithin(IssuedCoupon coupon, Locked campaign) {
        return coupon.serial() <= campaign.stock() && coupon.epoch() <= campaign.epoch();
    }

    private boolean unvoid(IssuedCoupon coupon) {
        return jdbc.sql(
                                "DELETE FROM voided_serials WHERE campaign_id = :campaign AND serial = :serial")
                        .param("campaign", coupon.campaign().value())
                        .param("serial", coupon.serial())
                        .update()
                == 1;
    }

    private boolean insert(IssuedCoupon coupon, long epoch) {
        return insert(List.of(coupon.withEpoch(epoch))).inserted().size() == 1;
    }
}
