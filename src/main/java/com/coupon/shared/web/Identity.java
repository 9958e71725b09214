package com.coupon.shared.web;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;

/**
 * Knows who sent a request, in one of two ways: for the routes of members by itself, and for all
 * others by way of Spring Security. Thread-safe.
 */
abstract sealed class Identity permits HeaderIdentity, TokenIdentity {

    /** The prefix of authorities that are scopes. */
    static final String SCOPE = "SCOPE_";

    /** The scope of operators. */
    static final String ADMIN = "coupon.admin";

    /**
     * @throws ProblemException if the request names nobody, or somebody whom no member can be
     *     called, or if that cannot be found out
     */
    abstract Caller identify(HttpServletRequest request);

    /**
     * Has Spring Security know callers in the same way, their name being the member's.
     *
     * @param refusal answers whoever is not known
     */
    abstract void authenticate(HttpSecurity http, AuthenticationEntryPoint refusal)
            throws Exception;

    /** What a caller hears who is not known. */
    abstract ProblemException unauthenticated(@Nullable AuthenticationException failure);

    /** What a caller hears who is known and lacks the scope of operators. */
    abstract ProblemException forbidden();

    /** The only value of a header, or null; several could each be meant for somebody else. */
    static @Nullable String single(HttpServletRequest request, String header) {
        var values = request.getHeaders(header);
        if (!values.hasMoreElements()) {
            return null;
        }
        String value = values.nextElement();
        if (values.hasMoreElements()) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST)
                    .detail("repeated-header", header);
        }
        return value;
    }
}
