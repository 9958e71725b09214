package com.coupon.shared.web;

import com.coupon.shared.ApiRole;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.PathContainer;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The routes a crowd comes by: claims, whose callers are made known here, and the public view, once
 * or live. They stand outside of Spring Security, which costs about as much as all else that such a
 * request does. A path that is not recognised here is one for Spring Security, so whatever is
 * missed is refused.
 */
@ApiRole
@Order(ProblemFilter.ORDER + 2) // before Spring Security
final class PublicRoutes extends OncePerRequestFilter {

    private static final String CALLER = Caller.class.getName();
    private static final String PUBLIC = PublicRoutes.class.getName() + ".PUBLIC";

    private final PathPattern claims = pattern("/api/v1/campaigns/{campaign}/claims");
    private final PathPattern ownClaim = pattern("/api/v1/campaigns/{campaign}/claims/me");
    private final PathPattern view = pattern("/api/v1/campaigns/{campaign}");
    private final PathPattern events = pattern("/api/v1/campaigns/{campaign}/events");

    private final Admission admission;

    PublicRoutes(Admission admission) {
        this.admission = admission;
    }

    private static PathPattern pattern(String path) {
        return PathPatternParser.defaultInstance.parse(path);
    }

    /** Whether the request came by here. */
    static boolean isPublic(HttpServletRequest request) {
        return request.getAttribute(PUBLIC) != null;
    }

    /** Whoever was made known here, or null. */
    static @Nullable Caller caller(HttpServletRequest request) {
        return (Caller) request.getAttribute(CALLER);
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        PathContainer path = ServletRequestPathUtils.parseAndCache(request).pathWithinApplication();
        boolean needsCaller = claims.matches(path) || ownClaim.matches(path);
        if (needsCaller || view.matches(path) || events.matches(path)) {
            response.setHeader("X-Content-Type-Options", "nosniff");
            if (needsCaller) {
                request.setAttribute(CALLER, admission.admitMember(request, response));
            } else {
                admission.admitStranger(request, response);
            }
            request.setAttribute(PUBLIC, true);
        }
        chain.doFilter(request, response);
    }
}
