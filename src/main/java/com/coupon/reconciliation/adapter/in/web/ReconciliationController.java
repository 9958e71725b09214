package com.coupon.reconciliation.adapter.in.web;

import com.coupon.reconciliation.domain.Finding.Kind;
import com.coupon.reconciliation.domain.FindingFilter;
import com.coupon.reconciliation.domain.Run;
import com.coupon.reconciliation.domain.Run.Disposition;
import com.coupon.reconciliation.domain.Run.Mode;
import com.coupon.reconciliation.domain.Run.Phase;
import com.coupon.reconciliation.domain.Run.Status;
import com.coupon.reconciliation.domain.RunFilter;
import com.coupon.reconciliation.domain.RunRequestResult;
import com.coupon.reconciliation.domain.StoredFinding;
import com.coupon.reconciliation.domain.StoredFinding.Trace;
import com.coupon.reconciliation.port.in.Reconcile;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.MemberId;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.PageLinks;
import com.coupon.shared.web.PageSize;
import com.coupon.shared.web.PageSize.Slice;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Comparisons of Redis with the ledger, as operators ask for them and see them. */
@ConsumerRole
@RestController
final class ReconciliationController {

    static final String PATH = "/api/v1/admin/reconciliations";

    private static final String LOOK_AGAIN_SECONDS = "1";

    private final Reconcile reconciliations;
    private final PageSize pages;

    ReconciliationController(Reconcile reconciliations, PageSize pages) {
        this.reconciliations = reconciliations;
        this.pages = pages;
    }

    /**
     * A comparison to make.
     *
     * @param mode what to do about what it finds
     */
    record NewReconciliation(@NotNull String campaignId, @NotNull Mode mode) {}

    /**
     * A comparison of the two sides of a campaign.
     *
     * @param phase how far it is, or came
     * @param reason why it failed, else null
     */
    record ReconciliationBody(
            long id,
            String campaignId,
            Mode mode,
            String requestedBy,
            Status status,
            Phase phase,
            long winners,
            long rows,
            long examined,
            long findings,
            long repaired,
            long quarantined,
            boolean truncated,
            boolean cancelRequested,
            Instant requestedAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable String reason) {

        static ReconciliationBody of(Run run) {
            return new ReconciliationBody(
                    run.id(),
                    run.campaign().value(),
                    run.mode(),
                    run.requestedBy(),
                    run.status(),
                    run.phase(),
                    run.progress().winners(),
                    run.progress().rows(),
                    run.progress().examined(),
                    run.tally().findings(),
                    run.tally().repaired(),
                    run.tally().quarantined(),
                    run.tally().truncated(),
                    run.cancelRequested(),
                    run.requestedAt(),
                    run.startedAt(),
                    run.finishedAt(),
                    run.reason());
        }
    }

    /**
     * A page of comparisons, the latest first.
     *
     * @param next what to ask for as {@code before} to get the next page, or null where this is the
     *     last
     */
    record ReconciliationPage(List<ReconciliationBody> items, @Nullable Long next) {}

    /** Something the two sides do not agree on. */
    record FindingBody(
            long number,
            Kind kind,
            @Nullable String detail,
            @Nullable Long serial,
            @Nullable String memberId,
            @Nullable Trace redis,
            @Nullable Trace ledger,
            @Nullable Long expected,
            @Nullable Long found,
            @Nullable String entry,
            Disposition disposition,
            @Nullable String note,
            Instant foundAt) {

        static FindingBody of(StoredFinding finding) {
            MemberId member = finding.member();
            return new FindingBody(
                    finding.number(),
                    finding.kind(),
                    finding.detail(),
                    finding.serial(),
                    member == null ? null : member.value(),
                    finding.redis(),
                    finding.ledger(),
                    finding.expected(),
                    finding.found(),
                    finding.entry(),
                    finding.disposition(),
                    finding.note(),
                    finding.foundAt());
        }
    }

    /**
     * A page of findings, by ascending number.
     *
     * @param next what to ask for as {@code after} to get the next page, or null where this is the
     *     last
     */
    record FindingPage(List<FindingBody> items, @Nullable Long next) {}

    /**
     * Asks for a comparison of what Redis has issued with what the ledger has recorded. It begins
     * as soon as those that were asked for before are done, and goes on beside claims.
     */
    @PostMapping(PATH)
    @Answers(
            value = HttpStatus.ACCEPTED,
            problems = {
                ProblemCode.UNKNOWN_CAMPAIGN,
                ProblemCode.CONFLICT,
                ProblemCode.OVERLOADED,
                ProblemCode.RECOVERING
            })
    ResponseEntity<ReconciliationBody> request(@Valid @RequestBody NewReconciliation request) {
        return switch (reconciliations.request(
                new CampaignId(request.campaignId()), request.mode())) {
            case RunRequestResult.Queued(Run run) -> accepted(run);
            case RunRequestResult.AlreadyRunning(Run run) ->
                    throw new ProblemException(ProblemCode.CONFLICT)
                            .detail("reconciliation-running", Long.toString(run.id()));
            case RunRequestResult.TooMany() -> throw new ProblemException(ProblemCode.OVERLOADED);
            case RunRequestResult.UnknownCampaign() ->
                    throw new ProblemException(ProblemCode.UNKNOWN_CAMPAIGN);
            case RunRequestResult.NothingToCompare() ->
                    throw new ProblemException(ProblemCode.CONFLICT).detail("nothing-to-reconcile");
        };
    }

    private static ResponseEntity<ReconciliationBody> accepted(Run run) {
        return ResponseEntity.accepted()
                .location(URI.create(PATH + "/" + run.id()))
                .header(HttpHeaders.RETRY_AFTER, LOOK_AGAIN_SECONDS)
                .body(ReconciliationBody.of(run));
    }

    /** Lists comparisons, the latest first. */
    @GetMapping(PATH)
    @Answers(headers = "Link")
    ResponseEntity<ReconciliationPage> list(
            @RequestParam(defaultValue = "9223372036854775807") long before,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(required = false) @Nullable CampaignId campaign,
            @RequestParam(required = false) @Nullable Status status) {
        if (before < 1) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail("before");
        }
        var filter = new RunFilter(campaign, status);
        Slice<Run> page = pages.read(limit, size -> reconciliations.list(filter, before, size));
        Long next = page.last() == null ? null : page.last().id();
        HttpHeaders links =
                PageLinks.of(PATH)
                        .keeping("limit", limit)
                        .keeping("campaign", campaign)
                        .keeping("status", status)
                        .header("before", next);
        return ResponseEntity.ok()
                .headers(links)
                .body(
                        new ReconciliationPage(
                                page.items().stream().map(ReconciliationBody::of).toList(), next));
    }

    /** Shows a comparison: how far it is, or how it ended. */
    @GetMapping(PATH + "/{run}")
    @Answers(problems = ProblemCode.UNKNOWN_RECONCILIATION)
    ResponseEntity<ReconciliationBody> find(@PathVariable long run) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(ReconciliationBody.of(found(run)));
    }

    /**
     * Has a comparison end. One that is running ends within about a second; what it has repaired by
     * then stays repaired. Repeating the call is safe, and one that is over stays as it is.
     */
    @PostMapping(PATH + "/{run}/cancel")
    @Answers(problems = ProblemCode.UNKNOWN_RECONCILIATION)
    ResponseEntity<ReconciliationBody> cancel(@PathVariable long run) {
        return reconciliations
                .cancel(run)
                .map(ReconciliationBody::of)
                .map(ResponseEntity::ok)
                .orElseThrow(() -> new ProblemException(ProblemCode.UNKNOWN_RECONCILIATION));
    }

    /** Lists what a comparison has found, by ascending number. */
    @GetMapping(PATH + "/{run}/findings")
    @Answers(headers = "Link", problems = ProblemCode.UNKNOWN_RECONCILIATION)
    ResponseEntity<FindingPage> findings(
            @PathVariable long run,
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(required = false) @Nullable Kind kind,
            @RequestParam(required = false) @Nullable Disposition disposition) {
        if (after < 0) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail("after");
        }
        found(run);
        var filter = new FindingFilter(kind, disposition);
        Slice<StoredFinding> page =
                pages.read(limit, size -> reconciliations.findings(run, filter, after, size));
        Long next = page.last() == null ? null : page.last().number();
        HttpHeaders links =
                PageLinks.of(PATH + "/" + run + "/findings")
                        .keeping("limit", limit)
                        .keeping("kind", kind)
                        .keeping("disposition", disposition)
                        .header("after", next);
        return ResponseEntity.ok()
                .headers(links)
                .body(new FindingPage(page.items().stream().map(FindingBody::of).toList(), next));
    }

    private Run found(long run) {
        return reconciliations
                .find(run)
                .orElseThrow(() -> new ProblemException(ProblemCode.UNKNOWN_RECONCILIATION));
    }
}
