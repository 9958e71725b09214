package com.coupon.persistence.adapter.in.web;

import com.coupon.persistence.domain.Bytes;
import com.coupon.persistence.domain.DeadLetter;
import com.coupon.persistence.domain.DeadLetter.Decision;
import com.coupon.persistence.domain.DeadLetter.Status;
import com.coupon.persistence.domain.DeadLetterFilter;
import com.coupon.persistence.domain.DeadLetterResult;
import com.coupon.persistence.domain.RecordContent;
import com.coupon.persistence.domain.RecordContent.Header;
import com.coupon.persistence.domain.ReplayFailedException;
import com.coupon.persistence.domain.UnrecordableException.Reason;
import com.coupon.persistence.port.in.HandleDeadLetters;
import com.coupon.persistence.port.in.HandleDeadLetters.Inspected;
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
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Semaphore;
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

/** Records the ledger could not take, as operators see them and decide on them. */
@ConsumerRole
@RestController
final class DeadLetterController {

    private static final String PATH = "/api/v1/admin/dead-letters";

    /** Of a value, a key or a header, so much is shown. */
    private static final int SHOWN_BYTES = 64 << 10;

    /** A rebuild takes about that long. */
    private static final String LOOK_AGAIN_SECONDS = "5";

    private final HandleDeadLetters letters;
    private final PageSize pages;
    private final Semaphore replays;

    DeadLetterController(
            HandleDeadLetters letters, PageSize pages, LedgerHttpProperties properties) {
        this.letters = letters;
        this.pages = pages;
        this.replays = new Semaphore(properties.replays());
    }

    /** A record the ledger could not take. */
    record DeadLetterBody(
            long id,
            String topic,
            int partition,
            long offset,
            @Nullable Reason reason,
            @Nullable String cause,
            @Nullable String campaignId,
            @Nullable String memberId,
            @Nullable Long serial,
            @Nullable Long epoch,
            @Nullable Integer valueBytes,
            Status status,
            Instant storedAt,
            @Nullable Instant decidedAt,
            @Nullable String decidedBy,
            @Nullable String discardReason) {

        static DeadLetterBody of(DeadLetter letter) {
            CampaignId campaign = letter.campaign();
            MemberId member = letter.member();
            Decision decision = letter.decision();
            return new DeadLetterBody(
                    letter.id(),
                    letter.origin().topic(),
                    letter.origin().partition(),
                    letter.origin().offset(),
                    letter.reason(),
                    letter.cause(),
                    campaign == null ? null : campaign.value(),
                    member == null ? null : member.value(),
                    letter.serial(),
                    letter.epoch(),
                    letter.valueBytes(),
                    letter.status(),
                    letter.storedAt(),
                    decision == null ? null : decision.at(),
                    decision == null ? null : decision.by(),
                    decision == null ? null : decision.reason());
        }
    }

    /**
     * A page of dead letters, by ascending id.
     *
     * @param next what to ask for as {@code after} to get the next page, or null where this is the
     *     last
     */
    record DeadLetterPage(List<DeadLetterBody> items, @Nullable Long next) {}

    /** How bytes are written in JSON. */
    enum Encoding {
        TEXT,
        BASE64
    }

    /**
     * Bytes of a record, as text where they are text.
     *
     * @param shownBytes how many of them are here
     */
    record Shown(Encoding encoding, String content, int shownBytes) {

        static Shown of(Bytes all) {
            Bytes shown = all.first(SHOWN_BYTES);
            String text = asText(shown.toArray());
            return text == null
                    ? new Shown(
                            Encoding.BASE64,
                            Base64.getEncoder().encodeToString(shown.toArray()),
                            shown.length())
                    : new Shown(Encoding.TEXT, text, text.getBytes(StandardCharsets.UTF_8).length);
        }

        static @Nullable Shown ofNullable(@Nullable Bytes all) {
            return all == null ? null : of(all);
        }

        /** UTF-8 without control characters; a character that is cut at the end is left out. */
        private static @Nullable String asText(byte[] bytes) {
            CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
            var in = ByteBuffer.wrap(bytes);
            var out = CharBuffer.allocate(bytes.length);
            CoderResult result = decoder.decode(in, out, bytes.length < SHOWN_BYTES);
            String text = out.flip().toString();
            return result.isError() || text.codePoints().anyMatch(Shown::isNoText) ? null : text;
        }

        private static boolean isNoText(int c) {
            return Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r';
        }
    }

    /** A header of a record. */
    record HeaderBody(String name, Shown value) {

        static HeaderBody of(Header header) {
            return new HeaderBody(header.name(), Shown.of(header.value()));
        }
    }

    /**
     * A dead letter, and what its record carried.
     *
     * @param key null where there is none, or where it is too long to be kept
     * @param value null where there is none, or where it was lost
     * @param headers those the record had by itself
     */
    record InspectedDeadLetter(
            DeadLetterBody letter,
            @Nullable Shown key,
            @Nullable Shown value,
            List<HeaderBody> headers) {

        static InspectedDeadLetter of(Inspected inspected) {
            RecordContent content = inspected.content();
            return new InspectedDeadLetter(
                    DeadLetterBody.of(inspected.letter()),
                    Shown.ofNullable(content.key()),
                    Shown.ofNullable(content.value()),
                    content.headers().stream().map(HeaderBody::of).toList());
        }
    }

    /**
     * A discard to make.
     *
     * @param reason for people
     */
    record NewDiscard(@NotNull String reason) {}

    /** Lists dead letters, by ascending id, which is the order in which they were stored. */
    @GetMapping(PATH)
    @Answers(headers = "Link")
    ResponseEntity<DeadLetterPage> list(
            @RequestParam(defaultValue = "0") long after,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(required = false) @Nullable Status status,
            @RequestParam(required = false) @Nullable CampaignId campaign,
            @RequestParam(required = false) @Nullable Reason reason) {
        if (after < 0) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail("after");
        }
        var filter = new DeadLetterFilter(status, campaign, reason);
        Slice<DeadLetter> page = pages.read(limit, size -> letters.list(filter, after, size));
        Long next = page.last() == null ? null : page.last().id();
        HttpHeaders links =
                PageLinks.of(PATH)
                        .keeping("limit", limit)
                        .keeping("status", status)
                        .keeping("campaign", campaign)
                        .keeping("reason", reason)
                        .header("after", next);
        return ResponseEntity.ok()
                .headers(links)
                .body(
                        new DeadLetterPage(
                                page.items().stream().map(DeadLetterBody::of).toList(), next));
    }

    /**
     * Shows a dead letter with what its record carried, up to 64 KB of it. That may be a coupon's
     * code, so who has looked is in the audit log.
     */
    @GetMapping(PATH + "/{letter}")
    @Answers(problems = ProblemCode.UNKNOWN_DEAD_LETTER)
    ResponseEntity<InspectedDeadLetter> inspect(@PathVariable long letter) {
        return letters.inspect(letter)
                .map(InspectedDeadLetter::of)
                .map(body -> ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body))
                .orElseThrow(() -> new ProblemException(ProblemCode.UNKNOWN_DEAD_LETTER));
    }

    /**
     * Gives a record to the ledger once more. 200 says that it is on its way there, as it was; if
     * it is refused again, it becomes another dead letter. 202 says that its campaign, which it
     * came too late for, is being rebuilt; it is REPLAYED once that has recorded it. Repeating the
     * call is safe.
     */
    @PostMapping(PATH + "/{letter}/replay")
    @Answers(
            value = {HttpStatus.OK, HttpStatus.ACCEPTED},
            problems = {
                ProblemCode.UNKNOWN_DEAD_LETTER,
                ProblemCode.ALREADY_DECIDED,
                ProblemCode.CONFLICT,
                ProblemCode.OVERLOADED,
                ProblemCode.RECOVERING
            })
    ResponseEntity<DeadLetterBody> replay(@PathVariable long letter) {
        if (!replays.tryAcquire()) {
            throw new ProblemException(ProblemCode.OVERLOADED);
        }
        try {
            return answer(letters.replay(letter));
        } catch (ReplayFailedException e) {
            throw new ProblemException(ProblemCode.UNAVAILABLE).detail("not-replayed");
        } finally {
            replays.release();
        }
    }

    /** Decides that a record is not to be recorded. Repeating the call is safe. */
    @PostMapping(PATH + "/{letter}/discard")
    @Answers(problems = {ProblemCode.UNKNOWN_DEAD_LETTER, ProblemCode.ALREADY_DECIDED})
    ResponseEntity<DeadLetterBody> discard(
            @PathVariable long letter, @Valid @RequestBody NewDiscard request) {
        return answer(letters.discard(letter, request.reason()));
    }

    private static ResponseEntity<DeadLetterBody> answer(DeadLetterResult result) {
        return switch (result) {
            case DeadLetterResult.Decided(DeadLetter letter) ->
                    ResponseEntity.ok(DeadLetterBody.of(letter));
            case DeadLetterResult.Rebuilding(DeadLetter letter) ->
                    ResponseEntity.accepted()
                            .location(URI.create(PATH + "/" + letter.id()))
                            .header(HttpHeaders.RETRY_AFTER, LOOK_AGAIN_SECONDS)
                            .body(DeadLetterBody.of(letter));
            case DeadLetterResult.UnknownLetter() ->
                    throw new ProblemException(ProblemCode.UNKNOWN_DEAD_LETTER);
            case DeadLetterResult.DecidedOtherwise(DeadLetter letter) ->
                    throw new ProblemException(ProblemCode.ALREADY_DECIDED)
                            .detail("decided", letter.status());
            case DeadLetterResult.Cut() ->
                    throw new ProblemException(ProblemCode.CONFLICT).detail("dead-letter-cut");
            case DeadLetterResult.NothingToRebuild() ->
                    throw new ProblemException(ProblemCode.CONFLICT).detail("nothing-to-rebuild");
        };
    }
}
