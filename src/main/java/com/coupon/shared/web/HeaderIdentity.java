package com.coupon.shared.web;

import com.coupon.shared.EveryRole;
import com.coupon.shared.InvalidValueException;
import com.coupon.shared.MemberId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows callers by the headers of a trusted gateway. Thread-safe. */
@EveryRole
final class HeaderIdentity {

    private static final Logger log = LoggerFactory.getLogger(HeaderIdentity.class);

    private static final String USER = "X-User-Id";
    private static final String SCOPES = "X-User-Scopes";

    HeaderIdentity(SecurityProperties properties) {
        log.warn(
                "Identity is '{}': the {} and {} headers are believed. Only a trusted gateway may reach this process.",
                properties.identity(),
                USER,
                SCOPES);
    }

    /**
     * @throws ProblemException if the request names nobody, or somebody whom no member can be
     *     called
     */
    Caller identify(HttpServletRequest request) {
        String user = request.getHeader(USER);
        if (user == null) {
            throw new ProblemException(ProblemCode.UNAUTHENTICATED);
        }
        try {
            return new Caller(new MemberId(user), scopes(request.getHeader(SCOPES)));
        } catch (InvalidValueException e) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail(e);
        }
    }

    private static Set<String> scopes(@Nullable String header) {
        return header == null
                ? Set.of()
                : Arrays.stream(header.split(" ")).collect(Collectors.toUnmodifiableSet());
    }
}
