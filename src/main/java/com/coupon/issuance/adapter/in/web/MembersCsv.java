package com.coupon.issuance.adapter.in.web;

import com.coupon.shared.InvalidValueException;
import com.coupon.shared.MemberId;
import com.coupon.shared.Sentence;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Member ids from CSV (RFC 4180), one in each line, read as they come; a first line {@code
 * memberId} is a header, and empty lines are passed over. What is not as it should be ends it with
 * a {@link ProblemException} that names the line.
 */
final class MembersCsv implements Iterator<MemberId> {

    private static final String HEADER = "memberId";

    /** Characters of one field at most; a member id is far shorter. */
    private static final int MAX_FIELD = 16 * 1024;

    private final Iterator<CsvRecord> records;
    private long line;
    private @Nullable MemberId next;

    MembersCsv(InputStream csv) {
        this.records =
                CsvReader.builder()
                        .maxBufferSize(MAX_FIELD)
                        .detectBomHeader(true)
                        .extraFieldStrategy(
                                FieldMismatchStrategy
                                        .IGNORE) // the line that has them is named below
                        .allowUnclosedQuote(false)
                        .ofCsvRecord(csv, StandardCharsets.UTF_8)
                        .iterator();
        this.next = read();
        if (next != null && next.value().equals(HEADER)) {
            next = read();
        }
    }

    private @Nullable MemberId read() {
        try {
            if (!records.hasNext()) {
                return null;
            }
            CsvRecord found = records.next();
            line = found.getStartingLineNumber();
            if (found.getFieldCount() != 1) {
                throw invalid("csv-one-member");
            }
            return new MemberId(found.getField(0));
        } catch (CsvParseException e) {
            throw invalid("csv-unreadable");
        } catch (InvalidValueException e) {
            throw invalid("csv-member");
        }
    }

    private ProblemException invalid(String reason) {
        return new ProblemException(ProblemCode.INVALID_CSV)
                .detail(new Sentence(reason, line))
                .with("line", line);
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public MemberId next() {
        MemberId member = next;
        if (member == null) {
            throw new NoSuchElementException();
        }
        next = read();
        return member;
    }
}
