package com.coupon.shared.web;

import com.coupon.shared.Language;
import java.net.URI;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/**
 * Every problem this service answers with (RFC 9457), under names that clients can rely on. Its
 * title is the sentence of {@code problems.properties} under its {@link #slug()}.
 */
public enum ProblemCode {
    INVALID_REQUEST(HttpStatus.BAD_REQUEST),
    BODY_NOT_ALLOWED(HttpStatus.BAD_REQUEST),
    INVALID_CSV(HttpStatus.BAD_REQUEST),
    IDEMPOTENCY_KEY_REQUIRED(HttpStatus.BAD_REQUEST),
    UNAUTHENTICATED(HttpStatus.UNAUTHORIZED),
    FORBIDDEN(HttpStatus.FORBIDDEN),
    NOT_ELIGIBLE(HttpStatus.FORBIDDEN),
    NOT_FOUND(HttpStatus.NOT_FOUND),
    UNKNOWN_CAMPAIGN(HttpStatus.NOT_FOUND),
    UNKNOWN_ISSUANCE(HttpStatus.NOT_FOUND),
    UNKNOWN_DEAD_LETTER(HttpStatus.NOT_FOUND),
    UNKNOWN_RECONCILIATION(HttpStatus.NOT_FOUND),
    NO_CLAIM(HttpStatus.NOT_FOUND),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE),
    SOLD_OUT(HttpStatus.CONFLICT),
    NOT_OPEN_YET(HttpStatus.CONFLICT),
    PAUSED(HttpStatus.CONFLICT),
    CLOSED(HttpStatus.CONFLICT),
    REVOKED(HttpStatus.CONFLICT),
    CAMPAIGN_EXISTS(HttpStatus.CONFLICT),
    ILLEGAL_TRANSITION(HttpStatus.CONFLICT),
    STOCK_BELOW_ISSUED(HttpStatus.CONFLICT),
    NOT_EDITABLE(HttpStatus.CONFLICT),
    NOT_SETTLED(HttpStatus.CONFLICT),
    NO_ALLOW_LIST(HttpStatus.CONFLICT),
    CONFLICT(HttpStatus.CONFLICT),
    ALREADY_DECIDED(HttpStatus.CONFLICT),
    IDEMPOTENCY_KEY_IN_FLIGHT(HttpStatus.CONFLICT),
    ARCHIVED(HttpStatus.GONE),
    PRECONDITION_FAILED(HttpStatus.PRECONDITION_FAILED),
    BODY_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE),
    ALLOW_LIST_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE),
    IDEMPOTENCY_KEY_REUSED(HttpStatus.UNPROCESSABLE_CONTENT),
    PRECONDITION_REQUIRED(HttpStatus.PRECONDITION_REQUIRED),
    RATE_LIMITED(HttpStatus.TOO_MANY_REQUESTS),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR),
    OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE),
    RECOVERING(HttpStatus.SERVICE_UNAVAILABLE),
    UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE);

    private final HttpStatus status;
    private final String slug;
    private final URI type;

    // Formatted once, because nearly all answers to claims are refusals.
    private final String english;
    private final String korean;

    ProblemCode(HttpStatus status) {
        this.status = status;
        this.slug = name().toLowerCase(Locale.ROOT).replace('_', '-');
        this.type = URI.create("urn:coupon:problem:" + slug);
        this.english = Language.ENGLISH.say(slug);
        this.korean = Language.KOREAN.say(slug);
    }

    /** What a status alone says. */
    static ProblemCode of(HttpStatusCode status) {
        return switch (status.value()) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 413 -> BODY_TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            // a transfer encoding, a version of HTTP that nobody has heard of: no failure of ours
            case 501, 505 -> INVALID_REQUEST;
            case 503 -> UNAVAILABLE;
            default -> status.is4xxClientError() ? INVALID_REQUEST : INTERNAL_ERROR;
        };
    }

    /** As it stands in the {@code code} of the answer and at the end of its {@code type}. */
    public String slug() {
        return slug;
    }

    public URI type() {
        return type;
    }

    public HttpStatus status() {
        return status;
    }

    public String title(Language language) {
        return switch (language) {
            case ENGLISH -> english;
            case KOREAN -> korean;
        };
    }

    /** Whether the same request may succeed later; such an answer says when to ask again. */
    public boolean isPassing() {
        return status == HttpStatus.SERVICE_UNAVAILABLE
                || this == RATE_LIMITED
                || this == IDEMPOTENCY_KEY_IN_FLIGHT;
    }
}
