package com.coupon.reconciliation;

import com.coupon.reconciliation.domain.Finding.Difference;
import com.coupon.reconciliation.domain.Finding.Kind;
import com.coupon.reconciliation.domain.Finding.Measure;
import com.coupon.reconciliation.domain.Run.Disposition;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/**
 * Ways in which a campaign can be damaged by hand, on one of its sides: {@code ann}, {@code bob}
 * and {@code cid} have its serials 1 to 3 of 5.
 */
enum Damage {
    ROW_LOST(Kind.MISSING_IN_LEDGER, null, Disposition.REPAIRED),
    WINNER_LOST(Kind.MISSING_IN_REDIS, null, Disposition.REPAIRED),
    CODE_CHANGED(Kind.CONFLICT, Difference.CODE, Disposition.QUARANTINED),
    SERIAL_CHANGED(Kind.CONFLICT, Difference.SERIAL, Disposition.QUARANTINED),
    MEMBER_CHANGED(Kind.CONFLICT, Difference.MEMBER, Disposition.QUARANTINED),
    REVOCATION_LOST(Kind.CONFLICT, Difference.STATUS, Disposition.REPAIRED),
    REVOCATION_INVENTED(Kind.CONFLICT, Difference.STATUS, Disposition.QUARANTINED),
    SERIAL_VOIDED(Kind.CONFLICT, Difference.VOID, Disposition.QUARANTINED),
    RECORD_UNREADABLE(Kind.CONFLICT, Difference.UNREADABLE, Disposition.REBUILDING),
    SERIALS_SKIPPED(Kind.STOCK_DRIFT, Measure.ISSUED, Disposition.REBUILDING),
    ROW_BEYOND_THE_STOCK(Kind.OVERSOLD, null, Disposition.QUARANTINED),
    WINNER_BEYOND_THE_STOCK(Kind.OVERSOLD, null, Disposition.QUARANTINED),
    ENTRY_WITHOUT_A_WINNER(Kind.ORPHAN_OUTBOX, null, Disposition.REPAIRED),
    ENTRY_OF_ANOTHER_COUPON(Kind.ORPHAN_OUTBOX, null, Disposition.QUARANTINED);

    /** Where damage is done. */
    record Scene(String campaign, Jedis redis, JdbcClient jdbc, TransactionTemplate transactions) {

        String key(String name) {
            return "coupon:{" + campaign + "}:" + name;
        }

        String record() {
            return redis.hget(key("participants"), "bob");
        }

        void win(String member, long serial, String status) {
            String record = "%d:%s:1700000000000:1:%s".formatted(serial, "a".repeat(20), status);
            redis.hset(key("participants"), member, record);
        }

        /** An entry so late that no relay takes it, which would be gone before it is found. */
        void enter(String member, String serial, String code) {
            redis.xadd(
                    key("outbox"),
                    new StreamEntryID("9999999999999-0"),
                    Map.of(
                            "member", member,
                            "serial", serial,
                            "code", code,
                            "issuedAt", "1700000000000",
                            "epoch", "1"));
        }

        /** Numbers that go up together. */
        void raise(String field, long by, long stockBy) {
            var both = redis.multi();
            both.hincrBy(key("campaign"), field, by);
            both.incrBy(key("stock"), stockBy);
            both.exec();
        }

        void dropWinner() {
            redis.hdel(key("participants"), "bob");
        }

        void dropRow(long serial) {
            write(
                    "DELETE FROM coupon_issuances WHERE campaign_id = :campaign AND serial = "
                            + serial);
        }

        void write(String sql) {
            int written = jdbc.sql(sql).param("campaign", campaign).update();
            if (written != 1) {
                throw new IllegalStateException("It was to be one row: " + written);
            }
        }

        void writeAgainstAllRules(String sql) {
            transactions.executeWithoutResult(transaction -> {
                jdbc.sql("SET LOCAL session_replication_role = replica").update();
                write(sql);
            });
        }
    }

    private final Kind kind;
    private final @Nullable Enum<?> detail;
    private final Disposition disposition;

    Damage(Kind kind, @Nullable Enum<?> detail, Disposition disposition) {
        this.kind = kind;
        this.detail = detail;
        this.disposition = disposition;
    }

    void plant(Scene scene) {
        switch (this) {
            case ROW_LOST -> scene.dropRow(2);
            case WINNER_LOST -> scene.dropWinner();
            case CODE_CHANGED -> scene.win("bob", 2, "ISSUED");
            case SERIAL_CHANGED -> scene.win("bob", 4, "ISSUED");
            case MEMBER_CHANGED ->
                    scene.write(
                            "UPDATE coupon_issuances SET member_id = 'zed' WHERE campaign_id = :campaign AND serial = 2");
            case REVOCATION_LOST ->
                    scene.write(
                            "UPDATE coupon_issuances SET status = 'REVOKED' WHERE campaign_id = :campaign AND serial = 2");
            case REVOCATION_INVENTED ->
                    scene.redis()
                            .hset(
                                    scene.key("participants"),
                                    "bob",
                                    scene.record().replace("ISSUED", "REVOKED"));
            case SERIAL_VOIDED -> {
                scene.dropRow(2);
                scene.write(
                        "INSERT INTO voided_serials (campaign_id, serial, epoch) VALUES (:campaign, 2, 1)");
            }
            case RECORD_UNREADABLE ->
                    scene.redis().hset(scene.key("participants"), "bob", "2:short");
            case SERIALS_SKIPPED -> scene.raise("issued", 2, -2);
            case ROW_BEYOND_THE_STOCK ->
                    scene.writeAgainstAllRules(
                            """
                            INSERT INTO coupon_issuances (campaign_id, serial, member_id, code, epoch, issued_at, status)
                            VALUES (:campaign, 99, 'zed', left(md5(:campaign || 'zed'), 20), 1, now(), 'ISSUED')
                            """);
            case WINNER_BEYOND_THE_STOCK -> scene.win("zed", 99, "ISSUED");
            case ENTRY_WITHOUT_A_WINNER -> {
                String code = scene.record().substring(2, 22);
                scene.enter("bob", "2", code);
                scene.dropWinner();
                scene.dropRow(2);
            }
            case ENTRY_OF_ANOTHER_COUPON -> scene.enter("bob", "2", "f".repeat(20));
        }
    }

    /** What a comparison has to call it. */
    Kind kind() {
        return kind;
    }

    String detail() {
        return detail == null ? "" : detail.name();
    }

    /** What a repair has to make of it. */
    Disposition disposition() {
        return disposition;
    }
}
