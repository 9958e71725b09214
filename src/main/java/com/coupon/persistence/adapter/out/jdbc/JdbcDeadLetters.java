package com.coupon.persistence.adapter.out.jdbc;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.persistence.domain.Bytes;
import com.coupon.persistence.domain.DeadLetter;
import com.coupon.persistence.domain.DeadLetter.Decision;
import com.coupon.persistence.domain.DeadLetter.Status;
import com.coupon.persistence.domain.DeadLetterFilter;
import com.coupon.persistence.domain.QuarantinedRecord;
import com.coupon.persistence.domain.RecordContent;
import com.coupon.persistence.domain.RecordContent.Header;
import com.coupon.persistence.domain.RecordOrigin;
import com.coupon.persistence.domain.UnrecordableException.Reason;
import com.coupon.persistence.port.out.DeadLetters;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import com.coupon.shared.audit.AuditLog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Dead letters in the table of their name. A decision holds the row of its letter until it is
 * committed, so two of them on one letter come one after the other. Thread-safe.
 */
@ConsumerRole
final class JdbcDeadLetters implements DeadLetters {

    private static final int LONGEST_COUNT_SECONDS = 5;

    /** How long one decision waits for another on the same letter. */
    private static final String LONGEST_WAIT = "3s";

    private static final String COLUMNS =
            """
            id, topic, partition, record_offset, published_at, reason, cause, campaign_id, member_id, serial, epoch,
            value_bytes, coalesce(octet_length(value), 0) = value_bytes AS whole, status, stored_at, decided_at,
            decided_by, discard_reason\
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final AuditLog audit;
    private final JsonMapper json;

    JdbcDeadLetters(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            AuditLog audit,
            JsonMapper json) {
        this.jdbc = jdbc;
        this.transactions = new TransactionTemplate(transactions);
        this.audit = audit;
        this.json = json;
    }

    /** A header as it is stored. */
    private record HeaderRow(String name, String base64) {}

    /**
     * What the audit log keeps of a letter: whose coupon it is about can be looked up as long as
     * that is known.
     */
    private record Snapshot(
            long deadLetter,
            String topic,
            int partition,
            long offset,
            @Nullable Reason reason,
            @Nullable Long serial,
            Status status,
            @Nullable String discardReason) {

        static Snapshot of(DeadLetter letter) {
            return new Snapshot(
                    letter.id(),
                    letter.origin().topic(),
                    letter.origin().partition(),
                    letter.origin().offset(),
                    letter.reason(),
                    letter.serial(),
                    letter.status(),
                    letter.decision() == null ? null : letter.decision().reason());
        }
    }

    @Override
    public void add(List<QuarantinedRecord> records) {
        transactions.executeWithoutResult(transaction -> records.forEach(this::add));
    }

    private void add(QuarantinedRecord record) {
        RecordOrigin origin = record.origin();
        RecordContent content = record.content();
        var subject = record.subject();
        IssuedCoupon coupon = subject.coupon();
        jdbc.sql(
                        """
                        INSERT INTO dead_letters
                            (topic, partition, record_offset, published_at, key, value, value_bytes, headers, reason,
                             cause, campaign_id, member_id, serial, epoch, code, issued_at)
                        VALUES (:topic, :partition, :offset, :publishedAt, :key::bytea, :value::bytea, :valueBytes::integer,
                                :headers::jsonb, :reason, :cause, :campaign, :member, :serial::bigint, :epoch::bigint,
                                :code, :issuedAt::timestamptz)
                        ON CONFLICT DO NOTHING
                        """)
                .param("topic", origin.topic())
                .param("partition", origin.partition())
                .param("offset", origin.offset())
                .param("publishedAt", origin.publishedAtMillis())
                .param("key", or(content.key(), Bytes::toArray))
                .param("value", or(content.value(), Bytes::toArray))
                .param("valueBytes", content.valueBytes())
                .param("headers", json.writeValueAsString(rows(content.headers())))
                .param("reason", or(record.reason(), Reason::name))
                .param("cause", record.cause())
                .param("campaign", or(subject.campaign(), CampaignId::value))
                .param("member", or(subject.member(), MemberId::value))
                .param("serial", subject.serial())
                .param("epoch", subject.epoch())
                .param("code", or(coupon, one -> one.code().value()))
                .param("issuedAt", or(coupon, one -> one.issuedAt().atOffset(ZoneOffset.UTC)))
                .update();
    }

    private static <T> @Nullable Object or(@Nullable T value, Function<T, Object> said) {
        return value == null ? null : said.apply(value);
    }

    private static List<HeaderRow> rows(List<Header> headers) {
        return headers.stream()
                .map(header ->
                        new HeaderRow(
                                header.name(),
                                Base64.getEncoder().encodeToString(header.value().toArray())))
                .toList();
    }

    @Override
    public Optional<DeadLetter> find(long id) {
        return find(id, "");
    }

    private Optional<DeadLetter> find(long id, String lock) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM dead_letters WHERE id = :id" + lock)
                .param("id", id)
                .query(JdbcDeadLetters::letter)
                .optional();
    }

    @Override
    public RecordContent content(DeadLetter letter) {
        return jdbc.sql("SELECT key, value, value_bytes, headers FROM dead_letters WHERE id = :id")
                .param("id", letter.id())
                .query((row, number) ->
                        new RecordContent(
                                bytes(row, "key"),
                                bytes(row, "value"),
                                row.getObject("value_bytes", Integer.class),
                                headers(row.getString("headers"))))
                .single();
    }

    private static @Nullable Bytes bytes(ResultSet row, String column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? null : Bytes.of(bytes);
    }

    private List<Header> headers(String stored) {
        return List.of(json.readValue(stored, HeaderRow[].class)).stream()
                .map(row ->
                        new Header(row.name(), Bytes.of(Base64.getDecoder().decode(row.base64()))))
                .toList();
    }

    @Override
    public void noteInspection(DeadLetter letter) {
        audit("dead-letter.inspected", null, letter);
    }

    @Override
    public List<DeadLetter> page(DeadLetterFilter filter, long after, int limit) {
        // Conditions that are not asked for are not there at all, so that each shape has its plan.
        StatementSpec query =
                jdbc.sql(
                        """
                        SELECT %s FROM dead_letters
                        WHERE id > :after %s %s %s
                        ORDER BY id
                        LIMIT :limit
                        """
                                .formatted(
                                        COLUMNS,
                                        filter.status() == null ? "" : "AND status = :status",
                                        filter.campaign() == null
                                                ? ""
                                                : "AND campaign_id = :campaign",
                                        filter.reason() == null ? "" : "AND reason = :reason"));
        if (filter.status() != null) {
            query.param("status", filter.status().name());
        }
        if (filter.campaign() != null) {
            query.param("campaign", filter.campaign().value());
        }
        if (filter.reason() != null) {
            query.param("reason", filter.reason().name());
        }
        return query.param("after", after)
                .param("limit", limit)
                .query(JdbcDeadLetters::letter)
                .list();
    }

    @Override
    public Optional<DeadLetter> replay(long id, Consumer<DeadLetter> first) {
        return whileLocked(
                id,
                letter -> {
                    first.accept(letter);
                    return decide(letter, Status.REPLAYED, null);
                });
    }

    @Override
    public Optional<DeadLetter> requestReplay(long id, Consumer<DeadLetter> first) {
        return whileLocked(
                id,
                letter -> {
                    first.accept(letter);
                    audit("dead-letter.replay-requested", letter, letter);
                    return letter;
                });
    }

    @Override
    public Optional<DeadLetter> discard(long id, String reason) {
        return whileLocked(id, letter -> decide(letter, Status.DISCARDED, reason));
    }

    private Optional<DeadLetter> whileLocked(long id, Function<DeadLetter, DeadLetter> decision) {
        return transactions.execute(transaction -> {
            jdbc.sql("SET LOCAL lock_timeout = '" + LONGEST_WAIT + "'").update();
            return find(id, " FOR UPDATE")
                    .map(letter ->
                            letter.status() == Status.OPEN ? decision.apply(letter) : letter);
        });
    }

    private DeadLetter decide(DeadLetter letter, Status status, @Nullable String reason) {
        DeadLetter decided =
                jdbc.sql(
                                """
                                UPDATE dead_letters
                                SET status = :status, decided_at = now(), decided_by = :by, discard_reason = :reason
                                WHERE id = :id
                                RETURNING %s
                                """
                                        .formatted(COLUMNS))
                        .param("status", status.name())
                        .param("by", audit.operator())
                        .param("reason", reason)
                        .param("id", letter.id())
                        .query(JdbcDeadLetters::letter)
                        .single();
        audit(
                status == Status.REPLAYED ? "dead-letter.replayed" : "dead-letter.discarded",
                letter,
                decided);
        return decided;
    }

    private void audit(String action, @Nullable DeadLetter before, DeadLetter after) {
        CampaignId campaign = after.campaign();
        audit.record(
                action,
                campaign == null ? "dead-letter-" + after.id() : campaign.value(),
                before == null ? null : Snapshot.of(before),
                Snapshot.of(after));
    }

    @Override
    public List<OpenLetter> open(CampaignId campaign, long after, int limit) {
        return jdbc.sql(
                        """
                        SELECT id, campaign_id, member_id, serial, code, issued_at, epoch FROM dead_letters
                        WHERE campaign_id = :campaign AND id > :after AND status = 'OPEN' AND code IS NOT NULL
                        ORDER BY id
                        LIMIT :limit
                        """)
                .param("campaign", campaign.value())
                .param("after", after)
                .param("limit", limit)
                .query((row, number) ->
                        new OpenLetter(row.getLong("id"), JdbcLedger.coupon(row, number)))
                .list();
    }

    @Override
    public void markReplayed(Collection<Long> ids) {
        transactions.executeWithoutResult(transaction ->
                jdbc.sql(
                                """
                                SELECT %s FROM dead_letters
                                WHERE id = ANY (:ids) AND status = 'OPEN' ORDER BY id FOR UPDATE
                                """
                                        .formatted(COLUMNS))
                        .param("ids", new SqlArrayValue("bigint", ids.toArray()))
                        .query(JdbcDeadLetters::letter)
                        .list()
                        .forEach(letter -> decide(letter, Status.REPLAYED, null)));
    }

    @Override
    public long countOpen() {
        return jdbc.sql("SELECT count(*) FROM dead_letters WHERE status = 'OPEN'")
                .withQueryTimeout(LONGEST_COUNT_SECONDS)
                .query(Long.class)
                .single();
    }

    private static DeadLetter letter(ResultSet row, int number) throws SQLException {
        String reason = row.getString("reason");
        String campaign = row.getString("campaign_id");
        String member = row.getString("member_id");
        OffsetDateTime decidedAt = row.getObject("decided_at", OffsetDateTime.class);
        return new DeadLetter(
                row.getLong("id"),
                new RecordOrigin(
                        row.getString("topic"),
                        row.getInt("partition"),
                        row.getLong("record_offset"),
                        row.getLong("published_at")),
                reason == null ? null : Reason.valueOf(reason),
                row.getString("cause"),
                campaign == null ? null : new CampaignId(campaign),
                member == null ? null : new MemberId(member),
                row.getObject("serial", Long.class),
                row.getObject("epoch", Long.class),
                row.getObject("value_bytes", Integer.class),
                row.getBoolean("whole"),
                Status.valueOf(row.getString("status")),
                row.getObject("stored_at", OffsetDateTime.class).toInstant(),
                decidedAt == null
                        ? null
                        : new Decision(
                                decidedAt.toInstant(),
                                row.getString("decided_by"),
                                row.getString("discard_reason")));
    }
}
