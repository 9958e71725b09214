package com.coupon.issuance.adapter.in.web;

import com.coupon.issuance.domain.AllowListResult;
import com.coupon.issuance.port.in.UploadAllowList;
import com.coupon.shared.CampaignId;
import com.coupon.shared.ConsumerRole;
import com.coupon.shared.web.Answers;
import com.coupon.shared.web.ProblemCode;
import com.coupon.shared.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Who may claim in a campaign that is not for everyone. */
@ConsumerRole
@RestController
final class AllowListController {

    private static final Logger log = LoggerFactory.getLogger(AllowListController.class);

    /** Short uploads hear of nothing but their end. */
    private static final long MEMBERS_PER_LINE = 50_000;

    private final UploadAllowList allowLists;
    private final JsonMapper json;

    AllowListController(UploadAllowList allowLists, JsonMapper json) {
        this.allowLists = allowLists;
        this.json = json;
    }

    /**
     * A line of the answer while members are being read.
     *
     * @param status always READING
     * @param members read so far
     */
    record ProgressBody(String status, long members) {}

    /**
     * The last line of the answer.
     *
     * @param status always REPLACED
     * @param members on the list that is in force now
     * @param duplicates how many were named again
     */
    record ReplacedBody(String status, long members, long duplicates) {}

    /**
     * Replaces the allow-list. The answer is a JSON document in each line: how far it has come,
     * from time to time, and in the last line what became of it. What fails before the first line
     * is a problem with its status as everywhere; what fails later is a problem in the last line.
     */
    @PutMapping(
            path = "/api/v1/admin/campaigns/{campaign}/eligible-members",
            consumes = "text/csv",
            produces = MediaType.APPLICATION_NDJSON_VALUE)
    @Answers(
            body = ReplacedBody.class,
            problems = {
                ProblemCode.INVALID_CSV,
                ProblemCode.UNKNOWN_CAMPAIGN,
                ProblemCode.NO_ALLOW_LIST,
                ProblemCode.NOT_EDITABLE,
                ProblemCode.ILLEGAL_TRANSITION,
                ProblemCode.ALLOW_LIST_TOO_LARGE,
                ProblemCode.OVERLOADED,
                ProblemCode.RECOVERING
            })
    void replace(
            @PathVariable CampaignId campaign,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        try {
            AllowListResult result =
                    allowLists.upload(
                            campaign,
                            new MembersCsv(request.getInputStream()),
                            read -> tellProgress(response, read));
            write(
                    response,
                    switch (result) {
                        case AllowListResult.Replaced(long members, long duplicates) ->
                                new ReplacedBody("REPLACED", members, duplicates);
                        case AllowListResult.TooManyUploads() ->
                                throw new ProblemException(ProblemCode.OVERLOADED);
                        case AllowListResult.UnknownCampaign() ->
                                throw new ProblemException(ProblemCode.UNKNOWN_CAMPAIGN);
                        case AllowListResult.ForEveryone() ->
                                throw new ProblemException(ProblemCode.NO_ALLOW_LIST);
                        case AllowListResult.Empty() ->
                                throw new ProblemException(ProblemCode.INVALID_CSV)
                                        .detail("csv-empty");
                        case AllowListResult.TooLarge(long maxMembers) ->
                                throw new ProblemException(ProblemCode.ALLOW_LIST_TOO_LARGE)
                                        .with("maxMembers", maxMembers);
                    });
        } catch (RuntimeException e) {
            if (!response.isCommitted()) {
                throw e;
            }
            ProblemException problem = Problems.of(e);
            if (problem.code() == ProblemCode.INTERNAL_ERROR) {
                log.error("The upload of an allow-list for {} failed", campaign, e);
            }
            write(response, problem.toResponse().getBody());
        }
    }

    private void tellProgress(HttpServletResponse response, long read) {
        if (read % MEMBERS_PER_LINE == 0) {
            try {
                write(response, new ProgressBody("READING", read));
                response.flushBuffer();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void write(HttpServletResponse response, @Nullable Object line) throws IOException {
        if (!response.isCommitted()) {
            response.setContentType(MediaType.APPLICATION_NDJSON_VALUE);
        }
        response.getOutputStream().write(json.writeValueAsBytes(line));
        response.getOutputStream().write('\n');
    }
}
