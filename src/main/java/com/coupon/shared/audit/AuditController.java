package com.coupon.shared.audit;

import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.PageLinks;
import com.coupon.shared.web.PageSize;
import com.coupon.shared.web.PageSize.Slice;
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

    private final AuditLog audit;
    private final PageSize pages;

    AuditController(AuditLog audit, PageSize pages) {
        this.audit = audit;
        this.pages = pages;
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
            @RequestParam(required = false) @Nullable CampaignId subject,
            @RequestParam(defaultValue = "100") int limit) {
        if (before < 1) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail("before");
        }
        Slice<AuditEntry> page =
                pages.read(
                        limit,
                        size -> audit.list(before, subject == null ? null : subject.value(), size));
        Long next = page.last() == null ? null : page.last().id();
        return ResponseEntity.ok()
                .headers(
                        PageLinks.of("/api/v1/admin/audit-log")
                                .keeping("limit", limit)
                                .keeping("subject", subject)
                                .header("before", next))
                .body(new AuditPage(page.items(), next));
    }
}
