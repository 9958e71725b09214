package com.coupon.persistence.adapter.out.jdbc;

import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import com.coupon.shared.audit.AuditLog;
import com.coupon.shared.spi.PersonalData;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Forgets members in the ledger and in the dead letters, in one transaction, and notes in the audit
 * log what was changed, but not for whom. Thread-safe.
 *
 * <p>A coupon of the ledger keeps its serial and its code and belongs to a name made of the code,
 * as {@code erase_member.lua} makes it. A dead letter loses what it carried; one that nobody had
 * decided on is discarded, because there is nothing left to replay.
 */
@ConsumerRole
final class JdbcLedgerErasure implements PersonalData {

    /** Letters of the member, unless their campaign goes on. */
    private static final String LETTERS =
            """
            (member_id = :member OR key = convert_to(:member, 'UTF8'))
            AND NOT EXISTS (
                SELECT FROM campaigns WHERE id = dead_letters.campaign_id AND state <> 'ARCHIVED')\
            """;

    private static final String CONTENT =
            "member_id = NULL, key = NULL, value = NULL, headers = '[]', code = NULL, issued_at = NULL";

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final AuditLog audit;

    JdbcLedgerErasure(JdbcClient jdbc, PlatformTransactionManager transactions, AuditLog audit) {
        this.jdbc = jdbc;
        this.transactions = new TransactionTemplate(transactions);
        this.audit = audit;
    }

    /** A coupon of the member. */
    private record Won(String campaign, long serial, String code) {}

    /** What the audit log keeps. */
    private record Snapshot(@Nullable Long serial, @Nullable Long deadLetter) {}

    @Override
    public Set<CampaignId> erase(MemberId member) {
        return transactions.execute(transaction -> {
            wonInArchived(member).forEach(coupon -> rename(member, coupon));
            // Whatever is decided already must not be decided again, so these are two statements.
            eraseLetters(member, CONTENT, "status <> 'OPEN'");
            eraseLetters(
                    member,
                    CONTENT
                            + ", status = 'DISCARDED', decided_at = now(), decided_by = :operator,"
                            + " discard_reason = 'The member was erased.'",
                    "status = 'OPEN'");
            return kept(member);
        });
    }

    private StatementSpec of(String sql, MemberId member) {
        return jdbc.sql(sql).param("member", member.value());
    }

    /** Campaign by campaign, because the index on members begins with the campaign. */
    private List<Won> wonInArchived(MemberId member) {
        return of(
                        """
                        SELECT campaign.id, coupon.serial, coupon.code
                        FROM campaigns AS campaign CROSS JOIN LATERAL (
                            SELECT serial, code FROM coupon_issuances
                            WHERE campaign_id = campaign.id AND member_id = :member LIMIT 1) AS coupon
                        WHERE campaign.state = 'ARCHIVED'
                        ORDER BY campaign.id
                        """,
                        member)
                .query((row, number) ->
                        new Won(row.getString("id"), row.getLong("serial"), row.getString("code")))
                .list();
    }

    private void rename(MemberId member, Won coupon) {
        int renamed =
                of(
                                """
                                UPDATE coupon_issuances SET member_id = :name
                                WHERE campaign_id = :campaign AND serial = :serial AND member_id = :member
                                """,
                                member)
                        .param("name", "erased-" + sha1(coupon.code()))
                        .param("campaign", coupon.campaign())
                        .param("serial", coupon.serial())
                        .update();
        if (renamed == 1) {
            audit.record(
                    "issuance.erased",
                    coupon.campaign(),
                    null,
                    new Snapshot(coupon.serial(), null));
        }
    }

    private static String sha1(String code) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-1")
                                    .digest(code.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has it.", e);
        }
    }

    private void eraseLetters(MemberId member, String changes, String condition) {
        of(
                        "UPDATE dead_letters SET %s WHERE %s AND %s RETURNING id, campaign_id, serial"
                                .formatted(changes, LETTERS, condition),
                        member)
                .param("operator", audit.operator())
                .query((row, number) -> {
                    String campaign = row.getString("campaign_id");
                    long id = row.getLong("id");
                    audit.record(
                            "dead-letter.erased",
                            campaign == null ? "dead-letter-" + id : campaign,
                            null,
                            new Snapshot(row.getObject("serial", Long.class), id));
                    return id;
                })
                .list();
    }

    private Set<CampaignId> kept(MemberId member) {
        return Set.copyOf(
                of(
                                """
                                SELECT id FROM campaigns AS campaign
                                WHERE state <> 'ARCHIVED' AND (
                                    EXISTS (SELECT FROM coupon_issuances
                                            WHERE campaign_id = campaign.id AND member_id = :member)
                                    OR EXISTS (SELECT FROM dead_letters
                                               WHERE campaign_id = campaign.id AND member_id = :member))
                                """,
                                member)
                        .query((row, number) -> new CampaignId(row.getString("id")))
                        .list());
    }
}
