package com.coupon.persistence.adapter.in.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.coupon.issuance.IssuedCoupon;
import com.coupon.persistence.domain.Issuance;
import com.coupon.shared.CampaignId;
import com.coupon.shared.CouponCode;
import com.coupon.shared.MemberId;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows as CSV, also those whose member means harm. */
class IssuanceCsvTest {

    private static final String HEADER =
            "\"serial\",\"memberId\",\"status\",\"epoch\",\"issuedAt\",\"recordedAt\"\r\n";
    private static final String CSV_TAIL =
            ",\"REVOKED\",\"2\",\"2026-01-02T03:04:05.678Z\",\"2026-01-02T03:04:06Z\"\r\n";

    private static String csv(String member) throws IOException {
        var out = new ByteArrayOutputStream();
        var csv = new IssuanceCsv(out);
        csv.header();
        csv.row(
                new Issuance(
                        new IssuedCoupon(
                                new CampaignId("welcome"),
                                new MemberId(member),
                                7,
                                new CouponCode("00112233445566778899"),
                                Instant.parse("2026-01-02T03:04:05.678Z"),
                                2),
                        Issuance.Status.REVOKED,
                        Instant.parse("2026-01-02T03:04:06Z")));
        csv.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRowHasAllButTheCode() throws IOException {
        assertThat(csv("ann")).isEqualTo(HEADER + "\"7\",\"ann\"" + CSV_TAIL);
    }

    /** The id of a member, and the cell as it stands in the file. */
    static Stream<Arguments> ids() {
        return Stream.of(
                arguments("ann", "\"ann\""),
                arguments("=1+1", "\"'=1+1\""),
                arguments("+cmd|'/C calc'!A0".replace(" ", ""), "\"'+cmd|'/Ccalc'!A0\""),
                arguments("-2+3", "\"'-2+3\""),
                arguments("@SUM(1,2)", "\"'@SUM(1,2)\""),
                arguments(
                        "=HYPERLINK(\"http://x\",\"y\")",
                        "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
                arguments("a\",=1+1", "\"a\"\",=1+1\""),
                arguments("a;=1+1", "\"a;=1+1\""),
                arguments("a=1+1", "\"a=1+1\""),
                arguments("\"=1+1", "\"\"\"=1+1\""),
                arguments("'ann", "\"''ann\""),
                arguments("'=1+1", "\"''=1+1\""),
                arguments("'", "\"''\""),
                arguments("#ann", "\"#ann\""));
    }

    @ParameterizedTest
    @MethodSource("ids")
    void noIdBecomesAFormulaOrAnotherCell(String member, String cell) throws IOException {
        assertThat(csv(member)).endsWith("\r\n\"7\"," + cell + CSV_TAIL);
    }

    @ParameterizedTest
    @MethodSource("ids")
    void everyIdCanBeHadAgain(String member, String cell) throws IOException {
        try (var reader = CsvReader.builder().ofNamedCsvRecord(csv(member))) {
            String read = reader.stream().findFirst().orElseThrow().getField("memberId");

            assertThat(read.startsWith("'") ? read.substring(1) : read).isEqualTo(member);
        }
    }
}
