package com.coupon;

import org.springframework.jdbc.core.simple.JdbcClient;

/** Campaigns whose ledger was written straight into the database, of any size. */
public final class LedgerRows {

    private final JdbcClient jdbc;

    public LedgerRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A draft whose members {@code m1}, {@code m2} … have the serials 1, 2 …; every tenth coupon
     * was revoked.
     *
     * @return its id
     */
    public String insert(int rows) {
        String campaign = Campaigns.newId().value();
        jdbc.sql(
                        """
                        WITH benefit AS (
                            INSERT INTO coupons (title, discount) VALUES ('A coupon', '10 %') RETURNING id)
                        INSERT INTO campaigns (id, coupon_id, name, quantity, opens_at, eligibility, state, version,
                                               epoch, armed)
                        SELECT :campaign, id, 'A test', 1000000000, now(), 'EVERYONE', 'DRAFT', 1, 1, false
                        FROM benefit
                        """)
                .param("campaign", campaign)
                .update();
        jdbc.sql(
                        """
                        INSERT INTO coupon_issuances (campaign_id, serial, member_id, code, epoch, issued_at, status)
                        SELECT :campaign, n, 'm' || n, left(encode(sha256((:campaign || n)::bytea), 'hex'), 20), 1,
                               timestamptz '2026-01-02T03:04:05.678Z' + n * interval '1 ms',
                               CASE WHEN n % 10 = 0 THEN 'REVOKED' ELSE 'ISSUED' END
                        FROM generate_series(1, :rows) AS n
                        """)
                .param("campaign", campaign)
                .param("rows", rows)
                .update();
        return campaign;
    }

    /** Has another member own a serial. */
    public void rename(String campaign, long serial, String member) {
        jdbc.sql("UPDATE coupon_issuances SET member_id = ? WHERE campaign_id = ? AND serial = ?")
                .param(member)
                .param(campaign)
                .param(serial)
                .update();
    }
}
