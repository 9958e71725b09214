package com.coupon.persistence.adapter.in.web;

import com.coupon.persistence.domain.Issuance;
import com.coupon.shared.web.CsvCells;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Rows of the ledger as CSV (RFC 4180), with every field quoted. Not thread-safe. */
final class IssuanceCsv {

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
                CsvCells.guarded(issuance.coupon().member().value()),
                issuance.status().name(),
                Long.toString(issuance.coupon().epoch()),
                issuance.coupon().issuedAt().toString(),
                issuance.recordedAt().toString());
    }

    void flush() throws IOException {
        csv.flush();
    }
}
