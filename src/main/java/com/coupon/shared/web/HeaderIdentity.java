package com.coupon.shared.web;

import com.coupon.shared.InvalidValueException;
import com.coupon.shared.MemberId;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;

/** Knows callers by the headers of a trusted gateway. */
final class HeaderIdentity extends Identity {

    private static final Logger log = LoggerFactory.getLogger(HeaderIdentity.class);

    private static final String USER = "X-User-Id";
    private static final String SCOPES = "X-User-Scopes";

    HeaderIdentity() {
        log.warn(
                "Identity is 'header': the {} and {} headers are believed. Only a trusted gateway may reach this process.",
                USER,
                SCOPES);
    }

    @Override
    Caller identify(HttpServletRequest request) {
        String user = single(request, USER);
        if (user == null) {
            throw unauthenticated(null);
        }
        try {
            return new Caller(new MemberId(user));
        } catch (InvalidValueException e) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST).detail(e);
        }
    }

    @Override
    void authenticate(HttpSecurity http, AuthenticationEntryPoint refusal) {
        http.addFilterBefore(new Authentication(), AnonymousAuthenticationFilter.class);
    }

    @Override
    ProblemException unauthenticated(@Nullable AuthenticationException failure) {
        return new ProblemException(ProblemCode.UNAUTHENTICATED);
    }

    @Override
    ProblemException forbidden() {
        return new ProblemException(ProblemCode.FORBIDDEN);
    }

    private final class Authentication extends OncePerRequestFilter {

        @Override
        protected void doFilterInternal(
                HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            if (request.getHeader(USER) != null) {
                var context = SecurityContextHolder.createEmptyContext();
                context.setAuthentication(
                        new PreAuthenticatedAuthenticationToken(
                                identify(request).member().value(), "", scopes(request)));
                SecurityContextHolder.setContext(context);
            }
            chain.doFilter(request, response);
        }

        private static List<SimpleGrantedAuthority> scopes(HttpServletRequest request) {
            String scopes = single(request, SCOPES);
            return scopes == null
                    ? List.of()
                    : Stream.of(scopes.split(" ", -1))
                            .map(scope -> new SimpleGrantedAuthority(SCOPE + scope))
                            .toList();
        }
    }
}
