package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import com.coupon.shared.InvalidValueException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Turns every failure of a request into a problem with a stable code, and lets nothing internal
 * out.
 */
@EveryRole
@RestControllerAdvice
final class ProblemHandler extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

    /** Values that our own types refuse, wherever they came from in the request. */
    @ExceptionHandler(InvalidValueException.class)
    @Nullable ResponseEntity<Object> invalid(InvalidValueException e, WebRequest request) {
        return answer(e, ProblemCode.INVALID_REQUEST, e.getMessage(), new HttpHeaders(), request);
    }

    /** PostgreSQL is away. */
    @ExceptionHandler({
        CannotCreateTransactionException.class,
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class
    })
    ResponseEntity<Object> unavailable(Exception e) {
        log.warn("PostgreSQL did not answer: {}", e.toString());
        return new ProblemException(ProblemCode.UNAVAILABLE).toResponse();
    }

    /** The process is being stopped before an answer was there. */
    @ExceptionHandler(InterruptedException.class)
    ResponseEntity<Object> interrupted() {
        return new ProblemException(ProblemCode.UNAVAILABLE).toResponse();
    }

    @ExceptionHandler(Exception.class)
    @Nullable ResponseEntity<Object> unexpected(Exception e, WebRequest request) {
        if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
            return null; // nobody is there to be answered
        }
        log.error("A request failed", e);
        return answer(e, ProblemCode.INTERNAL_ERROR, null, new HttpHeaders(), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        if (e instanceof ProblemException problem) {
            return super.handleExceptionInternal(
                    e, problem.getBody(), json(headers), status, request);
        }
        return answer(e, ProblemCode.of(status), detail(e), headers, request);
    }

    private @Nullable ResponseEntity<Object> answer(
            Exception e,
            ProblemCode code,
            @Nullable String detail,
            HttpHeaders headers,
            WebRequest request) {
        ProblemDetail problem = ProblemException.problem(code, detail);
        return super.handleExceptionInternal(e, problem, json(headers), code.status(), request);
    }

    /** Problems go out as such, also to a caller who asked for something else. */
    private static HttpHeaders json(HttpHeaders headers) {
        var withType = new HttpHeaders(headers);
        withType.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return withType;
    }

    /** Only what we have worded ourselves, since the messages of libraries name classes. */
    private static @Nullable String detail(Exception e) {
        return switch (e) {
            case MethodArgumentNotValidException invalid ->
                    invalid.getFieldErrors().stream()
                            .map(error -> error.getField() + " " + error.getDefaultMessage() + ".")
                            .sorted()
                            .reduce((one, other) -> one + " " + other)
                            .orElse(null);
            case MethodArgumentTypeMismatchException mismatch -> worded(mismatch.getRootCause());
            case HttpMessageNotReadableException unreadable -> {
                String worded = worded(unreadable.getRootCause());
                yield worded == null ? "The body is not the JSON that is expected here." : worded;
            }
            default -> null;
        };
    }

    private static @Nullable String worded(@Nullable Throwable cause) {
        return cause instanceof InvalidValueException ? cause.getMessage() : null;
    }
}
