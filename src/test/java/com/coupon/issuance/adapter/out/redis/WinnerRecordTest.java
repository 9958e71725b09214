package com.coupon.issuance.adapter.out.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.coupon.Campaigns;
import com.coupon.issuance.IssuedCoupon;
import com.coupon.issuance.domain.Winner;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.InvalidValueException;
import com.coupon.shared.MemberId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written of a winner is read again, and nothing else is. */
class WinnerRecordTest {

    private static final String CODE = "00112233445566778899";

    private static final Pattern FORM =
            Pattern.compile(
                    "(?!0+:)\\d{1,18}:[0-9a-f]{20}:\\d{1,18}:(?!0+:)\\d{1,18}:(ISSUED|REVOKED)");

    private final CampaignId campaign = Campaigns.newId();

    private Optional<Winner> read(String member, String record) {
        return WinnerRecord.read(
                campaign,
                member.getBytes(StandardCharsets.UTF_8),
                record.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWinnerIsReadAsWritten(boolean revoked) {
        Winner winner =
                new Winner(
                        new IssuedCoupon(
                                campaign,
                                new MemberId("a:nn"),
                                999_999_999_999_999_999L,
                                new CouponCode(CODE),
                                Instant.ofEpochMilli(1_700_000_000_123L),
                                12),
                        revoked);

        assertThat(read("a:nn", WinnerRecord.of(winner))).contains(winner);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "::::",
                ":::::",
                "1",
                "1:" + CODE,
                "1:" + CODE + ":5:1",
                "1:" + CODE + ":5:1:",
                "1:" + CODE + ":5:1:ISSUE",
                "1:" + CODE + ":5:1:ISSUED ",
                "1:" + CODE + ":5:1:ISSUED:ISSUED",
                "1:" + CODE + ":5:1:REVOKE",
                "0:" + CODE + ":5:1:ISSUED",
                "-1:" + CODE + ":5:1:ISSUED",
                "x:" + CODE + ":5:1:ISSUED",
                "9999999999999999999:" + CODE + ":5:1:ISSUED",
                "1:" + CODE + "0:5:1:ISSUED",
                "1:0011223344556677889:5:1:ISSUED",
                "1:0011223344556677889A:5:1:ISSUED",
                "1:0011223344556677889g:5:1:ISSUED",
                "1:" + CODE + "::1:ISSUED",
                "1:" + CODE + ":x:1:ISSUED",
                "1:" + CODE + ":5:0:ISSUED",
                "1:" + CODE + ":5::ISSUED",
                "é:" + CODE + ":5:1:ISSUED"
            })
    void whatIsNoRecordIsNotRead(String record) {
        assertThat(read("ann", record)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "an n", "änn", "ann\n"})
    void whoIsNoMemberIsNotRead(String member) {
        assertThat(read("ann", "1:" + CODE + ":5:1:ISSUED")).isPresent();
        assertThat(read(member, "1:" + CODE + ":5:1:ISSUED")).isEmpty();
    }

    @Test
    void aRecordThatWasDamagedAnywhereIsReadExactlyIfItHasTheForm() {
        Random random = new Random(7);
        String alphabet = "0123456789abcdefgA:ISUEDRVOK ";
        int readable = 0;
        for (int i = 0; i < 20_000; i++) {
            var record = new StringBuilder("12:" + CODE + ":1700000000123:3:ISSUED");
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                int at = random.nextInt(record.length());
                switch (random.nextInt(3)) {
                    case 0 -> record.deleteCharAt(at);
                    case 1 -> record.insert(at, any(alphabet, random));
                    default -> record.setCharAt(at, any(alphabet, random));
                }
            }
            boolean hasForm = FORM.matcher(record).matches();
            readable += hasForm ? 1 : 0;
            assertThat(read("ann", record.toString()).isPresent())
                    .as(record.toString())
                    .isEqualTo(hasForm);
        }
        assertThat(readable).isBetween(1_000, 19_000);
    }

    private static char any(String alphabet, Random random) {
        return alphabet.charAt(random.nextInt(alphabet.length()));
    }

    @Test
    void aCodeHasTwentyLowerCaseHexadecimalDigits() {
        Pattern form = Pattern.compile("[0-9a-f]{20}");
        for (int position : new int[] {0, 7, 19}) {
            for (char c = 0; c < 300; c++) {
                String code = CODE.substring(0, position) + c + CODE.substring(position + 1);
                assertThat(isCode(code)).as(code).isEqualTo(form.matcher(code).matches());
            }
        }
        assertThat(isCode("")).isFalse();
        assertThat(isCode(CODE.substring(1))).isFalse();
        assertThat(isCode(CODE + "0")).isFalse();
    }

    private static boolean isCode(String text) {
        try {
            return new CouponCode(text).value().equals(text);
        } catch (InvalidValueException e) {
            return false;
        }
    }
}
