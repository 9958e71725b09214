package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import com.coupon.shared.InvalidValueException;
import com.coupon.shared.Language;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.TransactionException;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
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
        return answer(e, new ProblemException(ProblemCode.INVALID_REQUEST).detail(e), request);
    }

    /**
     * A header that Spring Security refuses, or parameters that Tomcat refuses, when they are first
     * read.
     */
    @ExceptionHandler({RequestRejectedException.class, InvalidParameterException.class})
    @Nullable ResponseEntity<Object> rejected(RuntimeException e, WebRequest request) {
        return answer(e, new ProblemException(ProblemCode.INVALID_REQUEST), request);
    }

    /**
     * A media type of a body that names none, which Spring only notices where it reads the body.
     */
    @ExceptionHandler(IllegalArgumentException.class)
    @Nullable ResponseEntity<Object> illegal(IllegalArgumentException e, WebRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.contains("*")
                ? answer(e, new ProblemException(ProblemCode.UNSUPPORTED_MEDIA_TYPE), request)
                : unexpected(e, request);
    }

    /** PostgreSQL is away, or went away in the middle. */
    @ExceptionHandler({
        TransactionException.class,
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
        return answer(e, new ProblemException(ProblemCode.INTERNAL_ERROR), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        if (e instanceof ProblemException problem) {
            return answer(e, problem, request);
        }
        var problem = new ProblemException(ProblemCode.of(status)).detail(detail(e));
        problem.getHeaders().putAll(headers); // such as Allow and Accept
        return answer(e, problem, request);
    }

    /** Problems go out as such, also to a caller who asked for something else. */
    private @Nullable ResponseEntity<Object> answer(
            Exception e, ProblemException problem, WebRequest request) {
        problem.in(AcceptedLanguage.current());
        problem.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return super.handleExceptionInternal(
                e, problem.getBody(), problem.getHeaders(), problem.getStatusCode(), request);
    }

    /** Only what we have worded ourselves, since the messages of libraries name classes. */
    private static @Nullable Function<Language, String> detail(Exception e) {
        return switch (e) {
            case MethodArgumentNotValidException invalid -> broken(invalid.getFieldErrors());
            case HandlerMethodValidationException invalid -> broken(invalid.getAllErrors());
            case MissingServletRequestParameterException missing ->
                    language ->
                            language.say("detail.missing-parameter", missing.getParameterName());
            case MissingRequestHeaderException missing ->
                    language -> language.say("detail.missing-header", missing.getHeaderName());
            case MethodArgumentTypeMismatchException mismatch ->
                    mismatch.getRootCause() instanceof InvalidValueException invalid
                            ? invalid::in
                            : language ->
                                    language.say("detail.malformed-value", mismatch.getName());
            case HttpMessageNotReadableException unreadable ->
                    unreadable.getRootCause() instanceof InvalidValueException invalid
                            ? invalid::in
                            : language -> language.say("detail.unreadable-body");
            default -> null;
        };
    }

    /** One sentence for each constraint that does not hold. */
    private static Function<Language, String> broken(
            List<? extends MessageSourceResolvable> constraints) {
        return language ->
                constraints.stream()
                        .map(constraint -> sentence(constraint, language))
                        .sorted()
                        .collect(Collectors.joining(" "));
    }

    /**
     * Our own words: those of the validator depend on the language of the process. Spring puts the
     * name of the constraint last among the codes, and what it is about first among the arguments.
     */
    private static String sentence(MessageSourceResolvable broken, Language language) {
        String[] codes = broken.getCodes();
        Object[] arguments = broken.getArguments();
        String key =
                "constraint." + (codes == null || codes.length == 0 ? "" : codes[codes.length - 1]);
        Object[] said = arguments == null ? new Object[] {""} : arguments.clone();
        if (broken instanceof FieldError error) {
            said[0] = error.getField();
        } else if (said[0] instanceof MessageSourceResolvable named
                && named.getDefaultMessage() != null) {
            said[0] = named.getDefaultMessage();
        }
        return language.say(language.knows(key) ? key : "constraint.other", said);
    }
}
