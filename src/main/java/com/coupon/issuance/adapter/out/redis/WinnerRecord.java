package com.coupon.issuance.adapter.out.redis;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Winner;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A winner as the participants of a campaign have it: {@code serial:code:issuedAt:epoch:status},
 * under the member.
 */
final class WinnerRecord {

    private static final Logger log = LoggerFactory.getLogger(WinnerRecord.class);

    private static final byte[] ISSUED = "ISSUED".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REVOKED = "REVOKED".getBytes(StandardCharsets.US_ASCII);

    /** What surely fits into a long. */
    private static final int MOST_DIGITS = 18;

    private WinnerRecord() {}

    static String of(Winner winner) {
        IssuedCoupon coupon = winner.coupon();
        return String.join(
                ":",
                Long.toString(coupon.serial()),
                coupon.code().value(),
                Long.toString(coupon.issuedAt().toEpochMilli()),
                Long.toString(coupon.epoch()),
                winner.revoked() ? "REVOKED" : "ISSUED");
    }

    /**
     * Reads a record, byte by byte and not by a pattern, because it is done for every winner there
     * is.
     *
     * @return empty where it cannot be read
     */
    static Optional<Winner> read(CampaignId campaign, byte[] member, byte[] record) {
        int code = end(record, 0) + 1;
        int issuedAt = end(record, code) + 1;
        int epoch = end(record, issuedAt) + 1;
        int status = end(record, epoch) + 1;
        if (status >= record.length) {
            return Optional.empty();
        }
        boolean revoked = is(REVOKED, record, status);
        if (!revoked && !is(ISSUED, record, status)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Winner(
                            new IssuedCoupon(
                                    campaign,
                                    new MemberId(text(member, 0, member.length)),
                                    number(record, 0, code - 1),
                                    new CouponCode(text(record, code, issuedAt - 1)),
                                    Instant.ofEpochMilli(number(record, issuedAt, epoch - 1)),
                                    number(record, epoch, status - 1)),
                            revoked));
        } catch (IllegalArgumentException e) {
            log.debug("A winner's record does not hold what it should", e);
            return Optional.empty();
        }
    }

    private static boolean is(byte[] word, byte[] record, int from) {
        return Arrays.equals(record, from, record.length, word, 0, word.length);
    }

    /** Where the part that begins there ends: at the next colon, or with the record. */
    private static int end(byte[] record, int from) {
        int end = from;
        while (end < record.length && record[end] != ':') {
            end++;
        }
        return end;
    }

    /** As it is where it is ASCII; what is not comes out as what no code and no member has. */
    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static long number(byte[] record, int from, int to) {
        if (to <= from || to - from > MOST_DIGITS) {
            throw new IllegalArgumentException("no number");
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = record[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new IllegalArgumentException("no number");
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
