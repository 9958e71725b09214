package com.coupon.reconciliation.adapter.in.web;

import com.coupon.reconciliation.adapter.in.web.ReconciliationController.FindingBody;
import com.coupon.reconciliation.adapter.in.web.ReconciliationController.ReconciliationBody;
import com.coupon.reconciliation.domain.FindingFilter;
import com.coupon.reconciliation.domain.Run;
import com.coupon.reconciliation.domain.StoredFinding;
import com.coupon.reconciliation.port.in.Reconcile;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.audit.AuditLog;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.CsvCells;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The reports of comparisons as files. A run keeps a bounded number of findings, so a report is
 * made whole before its first byte is sent: none is ever cut off.
 */
@ConsumerRole
@RestController
final class ReconciliationReportController {

    private static final int PAGE = 1_000;

    private final Reconcile reconciliations;
    private final AuditLog audit;

    ReconciliationReportController(Reconcile reconciliations, AuditLog audit) {
        this.reconciliations = reconciliations;
        this.audit = audit;
    }

    /** A comparison with all that it has found. */
    record ReportBody(ReconciliationBody reconciliation, List<FindingBody> findings) {}

    /** Downloads a comparison with all that it has found. Codes are not in it. */
    @GetMapping(
            path = ReconciliationController.PATH + "/{run}/report.json",
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Answers(headers = "Content-Disposition", problems = ProblemCode.UNKNOWN_RECONCILIATION)
    ResponseEntity<ReportBody> json(@PathVariable("run") long id) {
        Run run = exported(id);
        return ResponseEntity.ok()
                .headers(file(run, "json"))
                .cacheControl(CacheControl.noStore())
                .body(
                        new ReportBody(
                                ReconciliationBody.of(run),
                                findings(id).stream().map(FindingBody::of).toList()));
    }

    /** Downloads what a comparison has found, one finding in a line. Codes are not in it. */
    @GetMapping(path = ReconciliationController.PATH + "/{run}/report.csv", produces = "text/csv")
    @Answers(
            body = String.class,
            headers = "Content-Disposition",
            problems = ProblemCode.UNKNOWN_RECONCILIATION)
    ResponseEntity<String> csv(@PathVariable("run") long id) {
        Run run = exported(id);
        var text = new StringWriter();
        try (CsvWriter csv =
                CsvWriter.builder().quoteStrategy(QuoteStrategies.ALWAYS).build(text)) {
            write(csv, findings(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a string has room
        }
        return ResponseEntity.ok()
                .headers(file(run, "csv"))
                .contentType(MediaType.parseMediaType("text/csv;charset=utf-8"))
                .cacheControl(CacheControl.noStore())
                .body(text.toString());
    }

    private static void write(CsvWriter csv, List<StoredFinding> findings) {
        csv.writeRecord(
                "number",
                "kind",
                "detail",
                "serial",
                "memberId",
                "redisStatus",
                "ledgerStatus",
                "expected",
                "found",
                "entry",
                "disposition",
                "note",
                "foundAt");
        for (StoredFinding finding : findings) {
            csv.writeRecord(
                    Long.toString(finding.number()),
                    finding.kind().name(),
                    cell(finding.detail()),
                    cell(finding.serial()),
                    finding.member() == null ? "" : CsvCells.guarded(finding.member().value()),
                    finding.redis() == null ? "" : finding.redis().status().name(),
                    finding.ledger() == null ? "" : finding.ledger().status().name(),
                    cell(finding.expected()),
                    cell(finding.found()),
                    finding.entry() == null ? "" : CsvCells.guarded(finding.entry()),
                    finding.disposition().name(),
                    cell(finding.note()),
                    finding.foundAt().toString());
        }
    }

    private static String cell(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /** The run, once it is in the audit log that somebody has its members' ids. */
    private Run exported(long id) {
        Run run =
                reconciliations
                        .find(id)
                        .orElseThrow(
                                () -> new ProblemException(ProblemCode.UNKNOWN_RECONCILIATION));
        audit.record("reconciliation.exported", run.campaign().value(), null, null);
        return run;
    }

    private List<StoredFinding> findings(long run) {
        List<StoredFinding> all = new ArrayList<>();
        List<StoredFinding> page;
        do {
            long after = all.isEmpty() ? 0 : all.getLast().number();
            page = reconciliations.findings(run, FindingFilter.ALL, after, PAGE);
            all.addAll(page);
        } while (page.size() == PAGE);
        return all;
    }

    private static HttpHeaders file(Run run, String ending) {
        var headers = new HttpHeaders();
        headers.setContentDisposition(
                ContentDisposition.attachment()
                        .filename("reconciliation-" + run.id() + "." + ending)
                        .build());
        return headers;
    }
}
