package com.coupon.persistence.adapter.in.web;

import com.coupon.persistence.domain.Issuance;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Rows of the ledger as CSV (RFC 4180), which a spreadsheet takes for text and for nothing else.
 * Not thread-safe.
 *
 * <p>Members choose their ids, at least in part, and a spreadsheet would run one that begins like a
 * formula (OWASP, CSV injection). Such a cell gets an apostrophe in front, and so does one that
 * begins with an apostrophe: whoever takes one leading apostrophe away has the id again. Every
 * field is quoted, so that no sign within an id, such as another country's separator, begins a new
 * cell.
 */
final class IssuanceCsv {

    private static final String FORMULA_STARTS = "=+-@\t\r\n";
    private static final char GUARD = '\'';

    private final CsvWriter csv;

    IssuanceCsv(OutputStream out) {
        this.csv =
                CsvWriter.builder()
                        .quoteStrategy(QuoteStrategies.ALWAYS)
                        .build(out, StandardCharsets.UTF_8);
    }

    void header() {
        csv.writeRecord("serial", "memberId", "status", "epoch", "issuedAt", "recordedAt");
    }

    /** The coupon's code is its owner's secret and is not written. */
    void row(Issuance issuance) {
        csv.writeRecord(
                Long.toString(issuance.coupon().serial()),
                guarded(issuance.coupon().member().value()),
                issuance.status().name(),
                Long.toString(issuance.coupon().epoch()),
                issuance.coupon().issuedAt().toString(),
                issuance.recordedAt().toString());
    }

    private static String guarded(String text) {
        char first = text.charAt(0);
        return first == GUARD || FORMULA_STARTS.indexOf(first) >= 0 ? GUARD + text : text;
    }

    void flush() throws IOException {
        csv.flush();
    }
}
