package com.coupon.shared.web;

import com.coupon.shared.InvalidValueException;
import com.coupon.shared.Language;
import com.coupon.shared.Sentence;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;

/**
 * Ends a request with a problem. It carries no stack trace, since it is how an expected answer is
 * given; it may be thrown in controllers and in filters. It is worded when it is answered, in the
 * caller's language.
 */
public final class ProblemException extends ErrorResponseException {

    static final String UNCACHED = "no-store";

    /** Spread out, so that clients who were turned away together do not come back together. */
    private static final int LONGEST_RETRY_SECONDS = 3;

    private final ProblemCode code;
    private transient @Nullable Function<Language, String> detail;

    public ProblemException(ProblemCode code) {
        super(code.status(), problem(code), null);
        this.code = code;
        // The same address gives others another answer, and this caller another one later.
        getHeaders().setCacheControl(UNCACHED);
        if (code.isPassing()) {
            getHeaders().set(HttpHeaders.RETRY_AFTER, retryAfter());
        }
    }

    /** When to ask again, in seconds, where nothing better is known. */
    static String retryAfter() {
        return Integer.toString(ThreadLocalRandom.current().nextInt(1, LONGEST_RETRY_SECONDS + 1));
    }

    private static ProblemDetail problem(ProblemCode code) {
        var problem = ProblemDetail.forStatus(code.status());
        problem.setType(code.type());
        problem.setTitle(code.title(Language.ENGLISH));
        problem.setProperty("code", code.slug());
        return problem;
    }

    public ProblemCode code() {
        return code;
    }

    /**
     * Says more of this very case; nothing internal.
     *
     * @param key of the sentence {@code detail.<key>} in {@code problems.properties}
     */
    public ProblemException detail(String key, Object... arguments) {
        return detail(new Sentence(key, arguments));
    }

    /** Says more of this very case; nothing internal. */
    public ProblemException detail(Sentence sentence) {
        return detail(sentence::in);
    }

    /** Says what is wrong with a value. */
    public ProblemException detail(InvalidValueException invalid) {
        return detail(invalid::in);
    }

    ProblemException detail(@Nullable Function<Language, String> sentences) {
        this.detail = sentences;
        return this;
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

    /** Puts it into words. */
    ProblemException in(Language language) {
        getBody().setTitle(code.title(language));
        if (detail != null) {
            getBody().setDetail(detail.apply(language));
        }
        getHeaders().set(HttpHeaders.CONTENT_LANGUAGE, language.tag());
        return this;
    }

    /** The same answer as a value, where it is too common to be thrown. */
    public ResponseEntity<Object> toResponse() {
        in(AcceptedLanguage.current());
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
