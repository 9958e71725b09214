package com.coupon.shared.web;

import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/** Every problem this service answers with (RFC 9457), under names that clients can rely on. */
public enum ProblemCode {
    INVALID_REQUEST(HttpStatus.BAD_REQUEST, "The request is not valid."),
    BODY_NOT_ALLOWED(HttpStatus.BAD_REQUEST, "This request takes no body."),
    UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "The caller is not known."),
    FORBIDDEN(HttpStatus.FORBIDDEN, "The caller may not do this."),
    IDEMPOTENCY_KEY_REQUIRED(
            HttpStatus.BAD_REQUEST, "This request needs the header Idempotency-Key."),
    INVALID_CSV(HttpStatus.BAD_REQUEST, "The CSV is not as it should be."),
    NOT_ELIGIBLE(HttpStatus.FORBIDDEN, "This member may not take part in the campaign."),
    NOT_FOUND(HttpStatus.NOT_FOUND, "There is nothing here."),
    UNKNOWN_CAMPAIGN(HttpStatus.NOT_FOUND, "There is no such campaign."),
    UNKNOWN_ISSUANCE(HttpStatus.NOT_FOUND, "The ledger has no such coupon of this campaign."),
    NO_CLAIM(HttpStatus.NOT_FOUND, "This member has won nothing in this campaign."),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "This method is not allowed here."),
    NOT_ACCEPTABLE(
            HttpStatus.NOT_ACCEPTABLE, "No representation that the caller accepts is to be had."),
    SOLD_OUT(HttpStatus.CONFLICT, "All coupons have been issued."),
    NOT_OPEN_YET(HttpStatus.CONFLICT, "The campaign has not opened yet."),
    PAUSED(HttpStatus.CONFLICT, "The campaign is paused."),
    CLOSED(HttpStatus.CONFLICT, "The campaign is closed."),
    REVOKED(HttpStatus.CONFLICT, "This member's coupon was revoked."),
    CAMPAIGN_EXISTS(HttpStatus.CONFLICT, "There is a campaign of this id already."),
    ILLEGAL_TRANSITION(HttpStatus.CONFLICT, "The campaign cannot take this step from where it is."),
    NOT_EDITABLE(HttpStatus.CONFLICT, "The campaign cannot be changed in this way any more."),
    NOT_SETTLED(HttpStatus.CONFLICT, "Coupons of the campaign are still on their way."),
    NO_ALLOW_LIST(HttpStatus.CONFLICT, "Everybody may claim in this campaign."),
    STOCK_BELOW_ISSUED(HttpStatus.CONFLICT, "More coupons than that are issued already."),
    IDEMPOTENCY_KEY_IN_FLIGHT(
            HttpStatus.CONFLICT, "A request with this Idempotency-Key is being carried out."),
    CONFLICT(HttpStatus.CONFLICT, "What is recorded contradicts this request."),
    ARCHIVED(HttpStatus.GONE, "The campaign is over."),
    PRECONDITION_FAILED(
            HttpStatus.PRECONDITION_FAILED, "The campaign has changed since it was read."),
    ALLOW_LIST_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "There are too many members on the list."),
    BODY_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The body is larger than allowed."),
    UNSUPPORTED_MEDIA_TYPE(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "The body has a media type that is not understood here."),
    IDEMPOTENCY_KEY_REUSED(
            HttpStatus.UNPROCESSABLE_CONTENT, "This Idempotency-Key was used for another request."),
    PRECONDITION_REQUIRED(
            HttpStatus.PRECONDITION_REQUIRED, "This request needs the header If-Match."),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side."),
    OVERLOADED(
            HttpStatus.SERVICE_UNAVAILABLE,
            "There are more requests than can be answered; nothing was decided."),
    RECOVERING(
            HttpStatus.SERVICE_UNAVAILABLE,
            "The campaign is being recovered; nothing is decided meanwhile."),
    UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE, "The outcome is not known yet; asking again is safe.");

    private final HttpStatus status;
    private final String title;

    ProblemCode(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
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
            case 503 -> UNAVAILABLE;
            default -> status.is4xxClientError() ? INVALID_REQUEST : INTERNAL_ERROR;
        };
    }

    /** As it stands in the {@code code} of the answer and at the end of its {@code type}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public HttpStatus status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** Whether the same request may succeed later; such an answer says when to ask again. */
    public boolean isPassing() {
        return status == HttpStatus.SERVICE_UNAVAILABLE;
    }
}
