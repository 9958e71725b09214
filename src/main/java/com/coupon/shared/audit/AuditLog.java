package com.coupon.shared.audit;

import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * Keeps who did what, in the transaction of the change itself: what was rolled back was not done,
 * and nothing is done that is not in the log. The database lets nobody rewrite it. Thread-safe.
 */
@ConsumerRole
public final class AuditLog {

    /** Who does what no operator asked for; no caller can be called so, because of the blank. */
    private static final String SYSTEM = "the service";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    AuditLog(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json =
                json.rebuild()
                        .addModule(
                                new SimpleModule()
                                        .addSerializer(
                                                CampaignId.class, ToStringSerializer.instance))
                        .build();
    }

    /**
     * Adds an entry in the name of whoever sent the present request.
     *
     * @param action what was done, such as {@code campaign.opened}
     * @param subject to what, such as the id of a campaign
     * @param before what it was like, or null where it was not; becomes JSON
     * @param after what it is like now, or null where it is no more; becomes JSON
     */
    public void record(
            String action, String subject, @Nullable Object before, @Nullable Object after) {
        jdbc.sql(
                        """
                        INSERT INTO audit_log (operator, action, subject, before, after)
                        VALUES (:operator, :action, :subject, :before::jsonb, :after::jsonb)
                        """)
                .param("operator", operator())
                .param("action", action)
                .param("subject", subject)
                .param("before", text(before))
                .param("after", text(after))
                .update();
    }

    /** Who sent the present request; {@code the service} where nobody did. */
    public String operator() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller == null ? SYSTEM : caller.getName();
    }

    private @Nullable String text(@Nullable Object value) {
        return value == null ? null : json.writeValueAsString(value);
    }

    /**
     * Entries, the latest first.
     *
     * @param before only those with a lower id
     * @param subject only those about it, or all
     * @param limit how many at most
     */
    public List<AuditEntry> list(long before, @Nullable String subject, int limit) {
        return jdbc.sql(
                        """
                        SELECT id, at, operator, action, subject, before, after
                        FROM audit_log
                        WHERE id < :before AND (:subject::text IS NULL OR subject = :subject)
                        ORDER BY id DESC
                        LIMIT :limit
                        """)
                .param("before", before)
                .param("subject", subject)
                .param("limit", limit)
                .query(this::entry)
                .list();
    }

    private AuditEntry entry(ResultSet row, int number) throws SQLException {
        return new AuditEntry(
                row.getLong("id"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("operator"),
                row.getString("action"),
                row.getString("subject"),
                tree(row.getString("before")),
                tree(row.getString("after")));
    }

    private @Nullable JsonNode tree(@Nullable String text) {
        return text == null ? null : json.readTree(text);
    }
}
