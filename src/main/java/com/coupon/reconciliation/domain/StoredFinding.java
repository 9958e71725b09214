package com.coupon.reconciliation.domain;

import com.coupon.reconciliation.domain.Finding.Kind;
import com.coupon.reconciliation.domain.Run.Disposition;
import com.coupon.shared.MemberId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A finding as a report keeps it: all that a person needs to decide, but the codes of coupons,
 * which are their owners' secrets. Of those it keeps the last four characters.
 *
 * @param number within the run, from 1
 * @param detail in what the sides differ, or by what a drift was measured; null where the kind says
 *     it all
 * @param expected of a drift or of what was oversold: what there should be at most
 * @param found the same: what there is
 * @param entry of the outbox, where it is about one
 * @param note what a person should know besides, such as a dead letter that has to be decided on
 */
public record StoredFinding(
        long number,
        Kind kind,
        @Nullable String detail,
        @Nullable Long serial,
        @Nullable MemberId member,
        @Nullable Trace redis,
        @Nullable Trace ledger,
        @Nullable Long expected,
        @Nullable Long found,
        @Nullable String entry,
        Disposition disposition,
        @Nullable String note,
        Instant foundAt) {

    /**
     * What a side has.
     *
     * @param codeEnding the last four characters of the code
     */
    public record Trace(
            long serial,
            String memberId,
            String codeEnding,
            Instant issuedAt,
            long epoch,
            Copy.Status status) {

        private static final int SHOWN = 4;

        public static Trace of(Copy copy) {
            String code = copy.coupon().code().value();
            return new Trace(
                    copy.serial(),
                    copy.coupon().member().value(),
                    code.substring(Math.max(0, code.length() - SHOWN)),
                    copy.coupon().issuedAt(),
                    copy.coupon().epoch(),
                    copy.status());
        }

        static @Nullable Trace ofNullable(@Nullable Copy copy) {
            return copy == null ? null : of(copy);
        }
    }

    /** A finding with what has become of it. */
    public static StoredFinding of(
            long number,
            Finding finding,
            Disposition disposition,
            @Nullable String note,
            Instant foundAt) {
        String detail = null;
        Trace redis = null;
        Trace ledger = null;
        Long expected = null;
        Long found = null;
        String entry = null;
        switch (finding) {
            case Finding.MissingInLedger(Copy copy) -> redis = Trace.of(copy);
            case Finding.MissingInRedis(Copy copy) -> ledger = Trace.of(copy);
            case Finding.Conflict(var difference, Copy one, Copy other) -> {
                detail = difference.name();
                redis = Trace.ofNullable(one);
                ledger = Trace.ofNullable(other);
            }
            case Finding.StockDrift(var measure, long should, long is) -> {
                detail = measure.name();
                expected = should;
                found = is;
            }
            case Finding.Oversold(Copy one, Copy other, long stock, long issued) -> {
                redis = Trace.ofNullable(one);
                ledger = Trace.ofNullable(other);
                expected = stock;
                found = issued;
            }
            case Finding.OrphanOutbox(String id, var coupon, Copy one) -> {
                entry = id;
                redis = Trace.ofNullable(one);
            }
        }
        var subject = finding.subject();
        return new StoredFinding(
                number,
                finding.kind(),
                detail,
                subject == null ? null : subject.serial(),
                subject == null ? null : subject.member(),
                redis,
                ledger,
                expected,
                found,
                entry,
                disposition,
                note,
                foundAt);
    }
}
