package com.coupon.reconciliation.adapter.out.jdbc;

import com.coupon.reconciliation.domain.Finding.Kind;
import com.coupon.reconciliation.domain.FindingFilter;
import com.coupon.reconciliation.domain.Run;
import com.coupon.reconciliation.domain.Run.Disposition;
import com.coupon.reconciliation.domain.Run.Mode;
import com.coupon.reconciliation.domain.Run.Phase;
import com.coupon.reconciliation.domain.Run.Progress;
import com.coupon.reconciliation.domain.Run.Status;
import com.coupon.reconciliation.domain.Run.Tally;
import com.coupon.reconciliation.domain.RunFilter;
import com.coupon.reconciliation.domain.StoredFinding;
import com.coupon.reconciliation.domain.StoredFinding.Trace;
import com.coupon.reconciliation.port.out.Runs;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import com.coupon.shared.audit.AuditLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs in the tables {@code reconciliation_runs} and {@code reconciliation_findings}. Each call is
 * a transaction of its own, also where the caller is reading the ledger in one. Thread-safe.
 */
@ConsumerRole
final class JdbcRuns implements Runs {

    private static final int ADDED_AT_ONCE = 1_000;

    private static final String COLUMNS =
            """
            id, campaign_id, mode, requested_by, status, phase, winners, ledger_rows, examined, findings, repaired,
            quarantined, truncated, cancel_requested, requested_at, started_at, finished_at, reason\
            """;

    private final JdbcClient jdbc;
    private final NamedParameterJdbcTemplate batches;
    private final TransactionTemplate transactions;
    private final AuditLog audit;
    private final JsonMapper json;

    JdbcRuns(
            JdbcClient jdbc,
            NamedParameterJdbcTemplate batches,
            PlatformTransactionManager transactions,
            AuditLog audit,
            JsonMapper json) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.transactions = new TransactionTemplate(transactions);
        this.transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.audit = audit;
        this.json = json;
    }

    /** What the audit log keeps of a run. */
    private record Snapshot(long reconciliation, Mode mode, Status status) {

        static Snapshot of(Run run) {
            return new Snapshot(run.id(), run.mode(), run.status());
        }
    }

    /** What the audit log keeps of a repair; whose coupon it was is in the finding. */
    private record RepairSnapshot(
            long reconciliation,
            String requestedBy,
            long finding,
            Kind kind,
            @Nullable Long serial,
            Disposition disposition) {}

    @Override
    public Optional<Run> queue(CampaignId campaign, Mode mode) {
        return transactions.execute(transaction -> {
            Optional<Run> queued =
                    jdbc.sql(
                                    """
                                    INSERT INTO reconciliation_runs (campaign_id, mode, requested_by)
                                    VALUES (:campaign, :mode, :operator)
                                    ON CONFLICT (campaign_id) WHERE status IN ('QUEUED', 'RUNNING') DO NOTHING
                                    RETURNING %s
                                    """
                                            .formatted(COLUMNS))
                            .param("campaign", campaign.value())
                            .param("mode", mode.name())
                            .param("operator", audit.operator())
                            .query(JdbcRuns::run)
                            .optional();
            queued.ifPresent(run ->
                    audit.record(
                            "reconciliation.requested", campaign.value(), null, Snapshot.of(run)));
            return queued;
        });
    }

    @Override
    public int queued() {
        return jdbc.sql("SELECT count(*) FROM reconciliation_runs WHERE status = 'QUEUED'")
                .query(Integer.class)
                .single();
    }

    @Override
    public Optional<Run> find(long id) {
        return jdbc.sql("SELECT %s FROM reconciliation_runs WHERE id = :id".formatted(COLUMNS))
                .param("id", id)
                .query(JdbcRuns::run)
                .optional();
    }

    @Override
    public Optional<Run> current(CampaignId campaign) {
        return jdbc.sql(
                        """
                        SELECT %s FROM reconciliation_runs
                        WHERE campaign_id = :campaign AND status IN ('QUEUED', 'RUNNING')
                        """
                                .formatted(COLUMNS))
                .param("campaign", campaign.value())
                .query(JdbcRuns::run)
                .optional();
    }

    @Override
    public Optional<Instant> lastRequested(CampaignId campaign) {
        return jdbc.sql(
                        """
                        SELECT requested_at FROM reconciliation_runs WHERE campaign_id = :campaign
                        ORDER BY id DESC LIMIT 1
                        """)
                .param("campaign", campaign.value())
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    @Override
    public List<Run> page(RunFilter filter, long before, int limit) {
        CampaignId campaign = filter.campaign();
        return jdbc.sql(
                        """
                        SELECT %s FROM reconciliation_runs
                        WHERE id < :before AND (:campaign::text IS NULL OR campaign_id = :campaign)
                          AND (:status::text IS NULL OR status = :status)
                        ORDER BY id DESC LIMIT :limit
                        """
                                .formatted(COLUMNS))
                .param("before", before)
                .param("campaign", campaign == null ? null : campaign.value())
                .param("status", name(filter.status()))
                .param("limit", limit)
                .query(JdbcRuns::run)
                .list();
    }

    @Override
    public Optional<Run> cancel(long id) {
        return transactions.execute(transaction -> {
            Optional<Run> found =
                    jdbc.sql(
                                    "SELECT %s FROM reconciliation_runs WHERE id = :id FOR UPDATE"
                                            .formatted(COLUMNS))
                            .param("id", id)
                            .query(JdbcRuns::run)
                            .optional();
            if (found.isEmpty() || found.get().status().isOver() || found.get().cancelRequested()) {
                return found;
            }
            Run cancelled =
                    jdbc.sql(
                                    """
                                    UPDATE reconciliation_runs SET
                                        cancel_requested = true,
                                        status = CASE status WHEN 'QUEUED' THEN 'CANCELLED' ELSE status END,
                                        finished_at = CASE status WHEN 'QUEUED' THEN now() END
                                    WHERE id = :id
                                    RETURNING %s
                                    """
                                            .formatted(COLUMNS))
                            .param("id", id)
                            .query(JdbcRuns::run)
                            .single();
            audit.record(
                    "reconciliation.cancelled",
                    cancelled.campaign().value(),
                    Snapshot.of(found.get()),
                    Snapshot.of(cancelled));
            return Optional.of(cancelled);
        });
    }

    @Override
    public Optional<Run> begin() {
        return jdbc.sql(
                        """
                        UPDATE reconciliation_runs SET status = 'RUNNING', started_at = now()
                        WHERE id = (
                            SELECT id FROM reconciliation_runs WHERE status = 'QUEUED'
                            ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
                        RETURNING %s
                        """
                                .formatted(COLUMNS))
                .query(JdbcRuns::run)
                .optional();
    }

    @Override
    public Run report(long id, Phase phase, Progress progress, Tally tally) {
        return transactions.execute(transaction -> {
            with(
                            jdbc.sql(
                                    """
                                    UPDATE reconciliation_runs SET
                                        phase = :phase, winners = :winners, ledger_rows = :rows,
                                        examined = :examined, findings = :findings, repaired = :repaired,
                                        quarantined = :quarantined, truncated = :truncated
                                    WHERE id = :id AND status = 'RUNNING'
                                    """),
                            progress,
                            tally)
                    .param("id", id)
                    .param("phase", phase.name())
                    .update();
            return find(id).orElseThrow();
        });
    }

    private static StatementSpec with(StatementSpec statement, Progress progress, Tally tally) {
        return statement
                .param("winners", progress.winners())
                .param("rows", progress.rows())
                .param("examined", progress.examined())
                .param("findings", tally.findings())
                .param("repaired", tally.repaired())
                .param("quarantined", tally.quarantined())
                .param("truncated", tally.truncated());
    }

    @Override
    public void end(
            long id, Status status, Progress progress, Tally tally, @Nullable String reason) {
        with(
                        jdbc.sql(
                                """
                                UPDATE reconciliation_runs SET
                                    status = :status, reason = :reason, finished_at = now(), winners = :winners,
                                    ledger_rows = :rows, examined = :examined, findings = :findings,
                                    repaired = :repaired, quarantined = :quarantined, truncated = :truncated
                                WHERE id = :id AND status = 'RUNNING'
                                """),
                        progress,
                        tally)
                .param("id", id)
                .param("status", status.name())
                .param("reason", reason)
                .update();
    }

    @Override
    public int endRunning(String reason) {
        return jdbc.sql(
                        """
                        UPDATE reconciliation_runs SET status = 'FAILED', reason = :reason, finished_at = now()
                        WHERE status = 'RUNNING'
                        """)
                .param("reason", reason)
                .update();
    }

    @Override
    public void add(long run, List<StoredFinding> findings) {
        for (int from = 0; from < findings.size(); from += ADDED_AT_ONCE) {
            SqlParameterSource[] rows =
                    findings.subList(from, Math.min(from + ADDED_AT_ONCE, findings.size())).stream()
                            .map(finding -> row(run, finding))
                            .toArray(SqlParameterSource[]::new);
            batches.batchUpdate(
                    """
                    INSERT INTO reconciliation_findings
                        (run_id, number, kind, detail, serial, member_id, redis, ledger, expected, found, entry,
                         disposition, note, found_at)
                    VALUES (:run, :number, :kind, :detail, :serial::bigint, :member, :redis::jsonb, :ledger::jsonb,
                            :expected::bigint, :found::bigint, :entry, :disposition, :note, :foundAt)
                    """,
                    rows);
        }
    }

    private SqlParameterSource row(long run, StoredFinding finding) {
        MemberId member = finding.member();
        return new MapSqlParameterSource()
                .addValue("run", run)
                .addValue("number", finding.number())
                .addValue("kind", finding.kind().name())
                .addValue("detail", finding.detail())
                .addValue("serial", finding.serial())
                .addValue("member", member == null ? null : member.value())
                .addValue("redis", text(finding.redis()))
                .addValue("ledger", text(finding.ledger()))
                .addValue("expected", finding.expected())
                .addValue("found", finding.found())
                .addValue("entry", finding.entry())
                .addValue("disposition", finding.disposition().name())
                .addValue("note", finding.note())
                .addValue("foundAt", finding.foundAt().atOffset(ZoneOffset.UTC));
    }

    @Override
    public void settle(
            Run run, StoredFinding finding, Disposition disposition, @Nullable String note) {
        transactions.executeWithoutResult(transaction -> {
            jdbc.sql(
                            """
                            UPDATE reconciliation_findings SET disposition = :disposition, note = :note
                            WHERE run_id = :run AND number = :number
                            """)
                    .param("disposition", disposition.name())
                    .param("note", note)
                    .param("run", run.id())
                    .param("number", finding.number())
                    .update();
            if (disposition.isRepair()) {
                audit.record(
                        "reconciliation.repaired",
                        run.campaign().value(),
                        null,
                        new RepairSnapshot(
                                run.id(),
                                run.requestedBy(),
                                finding.number(),
                                finding.kind(),
                                finding.serial(),
                                disposition));
            }
        });
    }

    @Override
    public List<StoredFinding> findings(long run, FindingFilter filter, long after, int limit) {
        return jdbc.sql(
                        """
                        SELECT number, kind, detail, serial, member_id, redis, ledger, expected, found, entry,
                               disposition, note, found_at
                        FROM reconciliation_findings
                        WHERE run_id = :run AND number > :after
                          AND (:kind::text IS NULL OR kind = :kind)
                          AND (:disposition::text IS NULL OR disposition = :disposition)
                        ORDER BY number LIMIT :limit
                        """)
                .param("run", run)
                .param("after", after)
                .param("kind", name(filter.kind()))
                .param("disposition", name(filter.disposition()))
                .param("limit", limit)
                .query(this::finding)
                .list();
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }

    private @Nullable String text(@Nullable Trace trace) {
        return trace == null ? null : json.writeValueAsString(trace);
    }

    private StoredFinding finding(ResultSet row, int number) throws SQLException {
        String member = row.getString("member_id");
        return new StoredFinding(
                row.getLong("number"),
                Kind.valueOf(row.getString("kind")),
                row.getString("detail"),
                row.getObject("serial", Long.class),
                member == null ? null : new MemberId(member),
                trace(row.getString("redis")),
                trace(row.getString("ledger")),
                row.getObject("expected", Long.class),
                row.getObject("found", Long.class),
                row.getString("entry"),
                Disposition.valueOf(row.getString("disposition")),
                row.getString("note"),
                row.getObject("found_at", OffsetDateTime.class).toInstant());
    }

    private @Nullable Trace trace(@Nullable String text) {
        return text == null ? null : json.readValue(text, Trace.class);
    }

    private static Run run(ResultSet row, int number) throws SQLException {
        return new Run(
                row.getLong("id"),
                new CampaignId(row.getString("campaign_id")),
                Mode.valueOf(row.getString("mode")),
                row.getString("requested_by"),
                Status.valueOf(row.getString("status")),
                Phase.valueOf(row.getString("phase")),
                new Progress(
                        row.getLong("winners"),
                        row.getLong("ledger_rows"),
                        row.getLong("examined")),
                new Tally(
                        row.getLong("findings"),
                        row.getLong("repaired"),
                        row.getLong("quarantined"),
                        row.getBoolean("truncated")),
                row.getBoolean("cancel_requested"),
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                row.getString("reason"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
