package com.coupon.shared.web;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;

/**
 * Ends a request with a problem. It carries no stack trace, since it is how an expected answer is
 * given.
 */
public final class ProblemException extends ErrorResponseException {

    /** Spread out, so that clients who were turned away together do not come back together. */
    private static final int LONGEST_RETRY_SECONDS = 3;

    private final ProblemCode code;

    public ProblemException(ProblemCode code) {
        this(code, null);
    }

    /**
     * @param detail a sentence for people about this very case, or null; nothing internal
     */
    public ProblemException(ProblemCode code, @Nullable String detail) {
        super(code.status(), problem(code, detail), null);
        this.code = code;
        if (code.isPassing()) {
            retryAfter(
                    Duration.ofSeconds(
                            ThreadLocalRandom.current().nextInt(1, LONGEST_RETRY_SECONDS + 1)));
        }
    }

    /** The body of a problem. */
    public static ProblemDetail problem(ProblemCode code, @Nullable String detail) {
        var problem = ProblemDetail.forStatus(code.status());
        problem.setType(URI.create("urn:coupon:problem:" + code.slug()));
        problem.setTitle(code.title());
        problem.setDetail(detail);
        problem.setProperty("code", code.slug());
        return problem;
    }

    public ProblemCode code() {
        return code;
    }

    /** Says when to ask again, rounded up to whole seconds, as HTTP has it. */
    public ProblemException retryAfter(Duration wait) {
        getHeaders()
                .set(
                        HttpHeaders.RETRY_AFTER,
                        Long.toString(Math.max(1, wait.plusMillis(999).toSeconds())));
        return this;
    }

    /** Adds a member to the body. */
    public ProblemException with(String name, Object value) {
        getBody().setProperty(name, value);
        return this;
    }

    /** The same answer as a value, where it is too common to be thrown. */
    public ResponseEntity<Object> toResponse() {
        return ResponseEntity.status(getStatusCode())
                .headers(getHeaders())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(getBody());
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
