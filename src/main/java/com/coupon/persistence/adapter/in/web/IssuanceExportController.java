package com.coupon.persistence.adapter.in.web;

import com.coupon.issuance.port.in.ManageCampaigns;
import com.coupon.persistence.domain.Issuance;
import com.coupon.persistence.port.in.ListIssuances;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.audit.AuditLog;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The whole ledger of a campaign as one file, however large.
 *
 * <p>Rows are read page by page, each page when the one before has been written, so that there is
 * never more than a page in memory and the client's reading sets the pace. Between pages nothing is
 * held in the database: a cursor would keep a connection and a transaction for as long as the
 * slowest client reads, and hold up the vacuum with it. The price is that a file is no snapshot,
 * but shows each row as it was when its page was read.
 *
 * <p>What fails before the first byte is a problem, as ever. What fails later has the connection
 * dropped within the body, because a file that ended well would look like the whole of it.
 */
@ConsumerRole
@RestController
final class IssuanceExportController {

    private static final Logger log = LoggerFactory.getLogger(IssuanceExportController.class);

    private static final String CSV = "text/csv";

    private final ListIssuances ledger;
    private final ManageCampaigns campaigns;
    private final LedgerHttpProperties properties;
    private final AuditLog audit;
    private final Semaphore permits;
    private final LongTaskTimer running;
    private final Counter exported;

    IssuanceExportController(
            ListIssuances ledger,
            ManageCampaigns campaigns,
            LedgerHttpProperties properties,
            AuditLog audit,
            MeterRegistry meters) {
        this.ledger = ledger;
        this.campaigns = campaigns;
        this.properties = properties;
        this.audit = audit;
        this.permits = new Semaphore(properties.exports());
        this.running =
                LongTaskTimer.builder("coupon.ledger.exports")
                        .description("Exports of the ledger that are running")
                        .register(meters);
        this.exported =
                Counter.builder("coupon.ledger.exported")
                        .description("Rows of the ledger that were written to exports")
                        .register(meters);
    }

    /** Exports the ledger of a campaign, by ascending serial. Codes are not in it. */
    @GetMapping(path = "/api/v1/admin/campaigns/{campaign}/issuances.csv", produces = CSV)
    @Answers(
            body = String.class,
            headers = "Content-Disposition",
            problems = {ProblemCode.UNKNOWN_CAMPAIGN, ProblemCode.OVERLOADED})
    void export(
            @PathVariable CampaignId campaign,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (campaigns.find(campaign).isEmpty()) {
            throw new ProblemException(ProblemCode.UNKNOWN_CAMPAIGN);
        }
        if (!permits.tryAcquire()) {
            throw new ProblemException(ProblemCode.OVERLOADED);
        }
        LongTaskTimer.Sample sample = running.start();
        try {
            List<Issuance> first = page(campaign, 0);
            audit.record("issuances.exported", campaign.value(), null, null); // whose they are
            head(campaign, response);
            if (!request.getMethod().equals("HEAD")) {
                write(campaign, first, request, response);
            }
        } finally {
            sample.stop();
            permits.release();
        }
    }

    private List<Issuance> page(CampaignId campaign, long after) {
        return ledger.list(campaign, after, properties.exportPage());
    }

    private static void head(CampaignId campaign, HttpServletResponse response) {
        response.setContentType(CSV + "; charset=utf-8");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                        .filename(campaign + "-issuances.csv")
                        .build()
                        .toString());
        response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
    }

    private void write(
            CampaignId campaign,
            List<Issuance> first,
            HttpServletRequest request,
            HttpServletResponse response) {
        Instant end = Instant.now().plus(properties.exportWithin());
        try {
            var csv = new IssuanceCsv(response.getOutputStream());
            csv.header();
            List<Issuance> page = first;
            while (true) {
                page.forEach(csv::row);
                exported.increment(page.size());
                if (page.size() < properties.exportPage()) {
                    break;
                }
                if (Instant.now().isAfter(end)) {
                    throw new IOException("It took longer than " + properties.exportWithin() + ".");
                }
                page = page(campaign, page.getLast().coupon().serial());
            }
            csv.flush();
        } catch (IOException | RuntimeException e) {
            log.warn("An export of {} is cut off: {}", campaign, e.toString());
            CutOffFilter.cutOff(request, e);
        }
    }
}
