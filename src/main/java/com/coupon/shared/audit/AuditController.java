package com.coupon.shared.audit;

import com.coupon.shared.ConsumerRole;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.PageLinks;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit log as operators see it. */
@ConsumerRole
@RestController
final class AuditController {

    private static final int MAX_LIMIT = 1000;

    private final AuditLog audit;

    AuditController(AuditLog audit) {
        this.audit = audit;
    }

    /**
     * A page of the audit log, the latest entry first.
     *
     * @param next what to ask for as {@code before} to get the next page, or null where this is the
     *     last
     */
    record AuditPage(List<AuditEntry> items, @Nullable Long next) {}

    /** Shows what operators did, the latest first. */
    @GetMapping("/api/v1/admin/audit-log")
    @Answers(headers = "Link")
    ResponseEntity<AuditPage> list(
            @RequestParam(defaultValue = "9223372036854775807") long before,
            @RequestParam(required = false) @Nullable String subject,
            @RequestParam(defaultValue = "100") int limit) {
        if (before < 1 || limit < 1 || limit > MAX_LIMIT) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail("audit-page", MAX_LIMIT);
        }
        List<AuditEntry> found = audit.list(before, subject, limit + 1);
        List<AuditEntry> entries = found.subList(0, Math.min(limit, found.size()));
        // one more than is shown tells whether there is a next page
        Long next = found.size() > limit ? entries.getLast().id() : null;
        return ResponseEntity.ok()
                .headers(
                        PageLinks.of("/api/v1/admin/audit-log")
                                .keeping("limit", limit)
                                .keeping("subject", subject)
                                .header("before", next))
                .body(new AuditPage(entries, next));
    }
}
